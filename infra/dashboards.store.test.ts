import { readdirSync, readFileSync } from 'node:fs';
import { markRepeats, migrate, openStore, removeDoubles, type Store } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { beforeAll, describe, expect, test } from 'vitest';

// What the dashboards and roles ask of ClickHouse is asked here, of tables as this release makes them.

const infra = (path: string) => new URL(path, import.meta.url);
const folder = infra('helm/tripkey/files/dashboards/');
interface Dashboard {
  readonly panels: readonly { title: string; targets: readonly { rawSql?: string }[] }[];
  readonly templating: { readonly list: readonly { name: string; query: string; type: string }[] };
}

/** The query as Grafana sends it, its macros and variables filled in. */
const filled = (sql: string) =>
  sql
    .replace(/\$__timeFilter\((\w+(?:\.\w+)?)\)/g, '$1 > now() - INTERVAL 1 DAY')
    .replace(/\$__timeInterval\((\w+)\)/g, 'toStartOfInterval($1, INTERVAL 60 second)')
    .replaceAll(/\$\{key:singlequote\}/g, "'key_1'");

const queries = readdirSync(folder).flatMap((file) => {
  const { panels, templating } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Dashboard;
  const ofPanels = panels.flatMap(({ title, targets }) =>
    targets.flatMap(({ rawSql }) => (rawSql ? [{ from: `${file}: ${title}`, sql: filled(rawSql) }] : [])),
  );
  const ofVariables = templating.list
    .filter(({ type }) => type === 'query')
    .map(({ name, query }) => ({ from: `${file}: variable ${name}`, sql: query }));
  return [...ofPanels, ...ofVariables];
});

describe('dashboards', () => {
  const config = clickHouseConfig();
  beforeAll(() => migrate(config));

  test.each(queries)('$from is answered', async ({ sql }) => {
    await using store = openStore(config);
    expect(sql).not.toMatch(/\$/);
    const answer = await store.client.query({ query: sql, format: 'JSONEachRow' });
    expect(Array.isArray(await answer.json())).toBe(true);
  });

  test('roles are given rights on tables and views that exist, and are statements that ClickHouse can read', async () => {
    await using store = openStore(config);
    const sql = readFileSync(infra('clickhouse/roles.sql'), 'utf8');
    const rows = await store.client.query({ query: 'SHOW TABLES', format: 'JSONEachRow' });
    const there = (await rows.json<{ name: string }>()).map(({ name }) => name);
    const named = [...sql.matchAll(/ON tripkey\.(\w+)/g)].map((match) => match[1]!);
    expect(named.filter((name) => !there.includes(name))).toEqual([]);
    const statements = sql
      .replace(/^--.*$/gm, '')
      .split(';')
      .map((text) => text.trim())
      .filter(Boolean);
    expect(statements.length).toBeGreaterThan(10);
    for (const statement of statements) {
      const read = await store.client.query({ query: `EXPLAIN AST ${statement}`, format: 'TabSeparated' });
      expect(await read.text(), statement).not.toBe('');
    }
  });

  test('ingest may do what its repair of events does', async () => {
    const asked: string[] = [];
    const note = async (sql: string) => void asked.push(sql.trim());
    const client = { command: ({ query }: { query: string }) => note(query) };
    const store = { client, command: note, changing: (table: string) => table } as unknown as Store;
    await removeDoubles(store, { topic: 't', partition: 0, from: 0, to: 1 }, 'token');
    await markRepeats(store, [{ topic: 't', partition: 0, offset: 1, idx: 0, key_id: 'key_1', at: 0 }]);

    const wanted = asked.flatMap((sql) => {
      const [, insert, emptied, deleted, altered, column] =
        /^(?:INSERT INTO (\w+)|TRUNCATE TABLE (\w+)|DELETE FROM (\w+)|ALTER TABLE (\w+) UPDATE (\w+) =)/.exec(
          sql,
        ) ?? [];
      if (insert) return [`INSERT ON ${insert}`];
      if (emptied) return [`TRUNCATE ON ${emptied}`];
      if (deleted) return [`ALTER DELETE ON ${deleted}`, `ALTER UPDATE(_row_exists) ON ${deleted}`];
      return [altered ? `ALTER UPDATE(${column}) ON ${altered}` : `? ${sql}`];
    });
    const sql = readFileSync(infra('clickhouse/roles.sql'), 'utf8');
    const grants = [...sql.matchAll(/^GRANT (.+) ON tripkey\.(\S+) TO tripkey_ingest;/gm)];
    const given = grants.flatMap(([, rights = '', table]) =>
      rights.split(/, (?![^(]*\))/).flatMap((right) => {
        const [, name, columns] = /^([A-Z ]+)(?:\((.*)\))?$/.exec(right) ?? [];
        return (columns?.split(', ') ?? ['']).map((one) => `${name}${one && `(${one})`} ON ${table}`);
      }),
    );
    expect(given).toEqual(expect.arrayContaining(['SELECT ON *', 'INSERT ON *']));
    // And no more than that: all of it is asked for.
    const ofTables = (rights: readonly string[]) =>
      [...new Set(rights.filter((right) => !/^(SELECT|INSERT) /.test(right)))].sort();
    expect(ofTables(given)).toEqual(ofTables(wanted));
  });
});
