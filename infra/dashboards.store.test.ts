import { readdirSync, readFileSync } from 'node:fs';
import { migrate, openStore } from '@tripkey/store';
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
});
