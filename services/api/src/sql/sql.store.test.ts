import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '@tripkey/clickhouse-embedded';
import { eventually } from '@tripkey/service-kit/testing';
import { ClickHouseConfig, openStore, type Store } from '@tripkey/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiUnderTest, anApi } from '../testing/an-api.ts';
import { readCookbook } from './cookbook.ts';
import { tablesForAnalysts } from './open-tables.ts';

const analyst = { username: 'analyst', password: 'made-up' };
let folder: string;
let engine: EmbeddedClickHouse;
let analysts: Store;
let under: ApiUnderTest;
beforeAll(async () => {
  folder = mkdtempSync(`${tmpdir()}/tripkey-sql-`);
  const users = { analyst: { password: analyst.password, readOnly: true, openTables: tablesForAnalysts } };
  engine = await startEmbeddedClickHouse({ folder, users, log: () => {} });
  const clickhouse = ClickHouseConfig.parse({ url: engine.url });
  analysts = openStore({ ...clickhouse, ...analyst });
  under = await anApi(clickhouse, { parts: { analysts } });
  await under.store.insert(
    'requests_raw_v1',
    [aRow('key_1', 200), aRow('key_1', 403), aRow('key_2', 200)],
    'rows',
  );
}, 60_000);
afterAll(async () => {
  await under[Symbol.asyncDispose]();
  await analysts[Symbol.asyncDispose]();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

let rows = 0;
function aRow(key_id: string, status: number) {
  const at = Date.now() - 60_000;
  return {
    ...{ ts: at, event_id: `event-${rows}`, key_id, account_id: 'acct_1', app_id: 'app_1', method: 'GET' },
    ...{
      route: '/v1/leads/{id}',
      path: `/v1/leads/${rows}`,
      status,
      outcome: status === 200 ? 'valid' : 'forbidden',
    },
    ...{
      client_ip: '203.0.113.7',
      network: '203.0.113.0/24',
      country: 'DE',
      user_agent: '=cmd|calc',
      bytes_out: 100,
    },
    ...{ arrived_at: at, _topic: 't', _partition: 0, _offset: rows++, _idx: 0 },
  };
}
const ask = (sql: string, more: object = {}) => under.call('POST', '/v1/query', { body: { sql, ...more } });

describe('an analyst', () => {
  test('gets columns, types and rows, and is told when there are more', async () => {
    const { json } = await ask(
      'SELECT key_id, sum(requests) AS n FROM usage GROUP BY key_id ORDER BY key_id;',
      {
        rows_max: 1,
      },
    );
    expect(json).toMatchObject({
      columns: [
        { name: 'key_id', type: 'String' },
        { name: 'n', type: 'UInt64' },
      ],
      rows: [['key_1', 2]],
      more: true,
    });
  });

  test('gives parameters, and gets numbers beyond 2^53 as they are', async () => {
    const { json } = await ask('SELECT {n:UInt64} AS big, {k:String} AS text', {
      params: { n: '18446744073709551615', k: "'; DROP TABLE x" },
    });
    expect(json.rows).toEqual([['18446744073709551615', "'; DROP TABLE x"]]);
  });

  test('exports every row, safe for spreadsheets', async () => {
    const csv = await ask("SELECT user_agent, path FROM requests_raw_v1 WHERE key_id = 'key_2'", {
      format: 'csv',
    });
    expect(csv.text).toBe(`user_agent,path\r\n"'=cmd|calc",/v1/leads/2\r\n`);
    const lines = await ask('SELECT number FROM numbers(25000)', { format: 'ndjson' });
    expect(lines.text.trim().split('\n')).toHaveLength(25_000);
  });

  test.each(readCookbook().map(({ title, sql }) => [title, sql]))('may ask: %s', async (_title, sql) => {
    const { status, text } = await ask(sql);
    expect([status, status === 200 ? '' : text]).toEqual([200, '']);
  });

  test('finds at least 25 questions in the cookbook', () => {
    expect(readCookbook().length).toBeGreaterThanOrEqual(25);
  });

  test('sees what each table and column means', async () => {
    const { json } = await under.call('GET', '/v1/query-schema');
    const names = json.tables.map((table: { name: string }) => table.name);
    expect(names).toEqual(expect.arrayContaining(['usage', 'keys', 'findings', 'incidents', 'actions']));
    expect(names).not.toEqual(expect.arrayContaining([expect.stringMatching(/^api_/)]));
    for (const { stable, comment, columns } of json.tables) {
      expect(comment).not.toBe('');
      if (stable) for (const column of columns) expect(column.comment, column.name).not.toBe('');
    }
  });

  test.each([
    ['SELECT groupArray(number) FROM numbers(1000000000)', 'api.query_limit', 241],
    ['SELECT number FROM numbers(10000001)', 'api.query_limit', 396],
    ['SELECT nothing FROM usage', 'api.query_failed', 47],
    ['SELECT 1 FROM nowhere', 'api.query_failed', 60],
  ])('is told what is wrong with %s', async (sql, code, number) => {
    const { json } = await ask(sql);
    expect(json).toMatchObject({ code, clickhouse_code: number });
  });

  test('cancels a query of their own, and nobody else can', async () => {
    const query_id = 'made-up-query-1';
    const asked = ask('SELECT sum(cityHash64(number)) FROM numbers(1000000000000)', { query_id });
    const running = () => under.call('GET', `/v1/queries/${query_id}`);
    while ((await running()).json?.state !== 'running') await new Promise((resolve) => setImmediate(resolve));
    const stranger = await under.token('read');
    expect((await under.call('DELETE', `/v1/queries/${query_id}`, { token: stranger })).status).toBe(404);
    expect((await under.call('DELETE', `/v1/queries/${query_id}`)).json.state).toBe('cancelled');
    expect((await asked).json.code).toBe('api.query_cancelled');
    expect((await running()).json).toMatchObject({ state: 'cancelled', query_id });
  });

  test('cancels a query that another process of the API runs', async () => {
    const query_id = 'made-up-query-4';
    // On a server an analyst may stop what they asked, by its id. The embedded engine has ids of its own, and refuses.
    const query: Store['client']['query'] = async (asked) => {
      expect(asked).toMatchObject({
        query: 'KILL QUERY WHERE query_id = {query_id:String} ASYNC',
        query_params: { query_id },
      });
      const where = `startsWith(Settings['log_comment'], '${query_id} ')`;
      await under.store.command(`KILL QUERY WHERE ${where} ASYNC`);
      return { json: async () => [{ kill_status: 'waiting' }] } as never;
    };
    const client = new Proxy(analysts.client, {
      get: (one, name) => (name === 'query' ? query : Reflect.get(one, name)),
    });
    await using another = await anApi(ClickHouseConfig.parse({ url: engine.url }), {
      parts: { analysts: { ...analysts, client } },
    });
    const asked = ask('SELECT sum(cityHash64(number)) FROM numbers(1000000000000)', { query_id });
    const running = `SELECT count() AS n FROM system.processes WHERE startsWith(Settings['log_comment'], '${query_id} ')`;
    await eventually(async () => {
      const answer = await under.store.client.query({ query: running, format: 'JSONEachRow' });
      expect(await answer.json()).toEqual([{ n: 1 }]);
    });
    const call = (method: string) => another.call(method, `/v1/queries/${query_id}`);
    expect((await call('GET')).json.state).toBe('running');
    expect((await call('DELETE')).json.state).toBe('cancelled');
    expect((await asked).json.code).toBe('api.query_cancelled');
    expect((await call('GET')).json.state).toBe('cancelled');
  });

  test('is on record with what they asked, before and after', async () => {
    const query_id = 'made-up-query-2';
    await ask('SELECT 42', { query_id });
    const { json } = await under.call('GET', '/v1/audit?kind=sql_asked');
    expect(
      json.items.some(
        (line: { data: { query_id: string; sql: string } }) =>
          line.data.query_id === query_id && line.data.sql === 'SELECT 42',
      ),
    ).toBe(true);
    const { json: list } = await under.call('GET', '/v1/queries?limit=3');
    expect(list.items[0]).toMatchObject({ query_id, state: 'done', rows: 1, sql: 'SELECT 42' });
  });

  test('cancels an export that has begun, and sees that it was', async () => {
    const query_id = 'made-up-query-3';
    const authorization = `Bearer ${await under.token('read')}`;
    const export_ = await fetch(`${under.url}/v1/query`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ sql: 'SELECT number FROM numbers(10000000)', query_id, format: 'csv' }),
    });
    expect(export_.status).toBe(200);
    expect((await under.call('DELETE', `/v1/queries/${query_id}`)).json.state).toBe('cancelled');
    await expect(export_.text()).rejects.toThrow();
    await eventually(async () => {
      const { json } = await under.call('GET', `/v1/queries/${query_id}`);
      expect(json).toMatchObject({ state: 'cancelled', failure: 'somebody cancelled it' });
    });
  });
});

describe('somebody who wants more than to read', () => {
  test.each([
    ['a file, by a table function', "SELECT * FROM file('/etc/passwd', 'LineAsString')"],
    ['a file, by a scalar function', "SELECT file('/etc/passwd')"],
    ['a file, by a function that applies others', "SELECT arrayMap(x -> file(x), ['/etc/passwd'])"],
    ['a file, as a table of the default database', 'SELECT * FROM default.`/etc/passwd`'],
    ['a file, behind a comment', "SELECT /* harmless */ file(/* */'/etc/passwd') -- SELECT 1"],
    ['a file, in a subquery of a view', "SELECT * FROM (SELECT * FROM (SELECT file('/etc/passwd')))"],
    ['a file, inside view()', "SELECT * FROM view(SELECT * FROM file('/etc/passwd', 'LineAsString'))"],
    ['a file written', "SELECT 1 INTO OUTFILE '/tmp/made-up-outfile'"],
    ['another host', "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')"],
    ['another server', "SELECT * FROM remote('127.0.0.1', system.one)"],
    ['two statements', 'SELECT 1; DROP TABLE requests_raw_v1'],
    ['a statement of the server', 'SYSTEM SHUTDOWN'],
    ['a setting', 'SET max_execution_time = 0'],
    ['a setting inside the query', 'SELECT 1 SETTINGS max_execution_time = 0'],
    ['to write', "INSERT INTO keys_v1 (key_id) VALUES ('x')"],
    ['to change', 'ALTER TABLE requests_raw_v1 DELETE WHERE 1'],
    ['to drop', 'DROP TABLE requests_raw_v1'],
    ['to kill', 'KILL QUERY WHERE 1'],
    ["others' queries", 'SELECT * FROM system.processes'],
    ['the hashes of tokens', 'SELECT * FROM api_tokens_v1'],
    ['the hashes of tokens, by the full name', 'SELECT hash FROM tripkey.api_tokens_v1'],
    ['the hashes of tokens, quoted', 'SELECT * FROM `api_tokens_v1`'],
    ['the hashes of tokens, as a set', "SELECT 1 WHERE 'x' IN (SELECT hash FROM api_tokens_v1)"],
    ['the hashes of tokens, as a set by name', "SELECT ('', now(), '') IN api_tokens_v1"],
    ['sessions, joined', 'SELECT * FROM keys AS k LEFT JOIN api_sessions_v1 AS s ON s.person = k.owner'],
    ['tokens, in a common table expression', 'WITH t AS (SELECT * FROM api_tokens_v1) SELECT * FROM t'],
    ['tokens, by merge()', "SELECT * FROM merge('tripkey', '^api_')"],
    ['who asked what', 'SELECT * FROM audit_v1'],
  ])('gets nothing: %s', async (_what, sql) => {
    const { status, text } = await ask(sql);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toMatch(/root:|tripkey_|[0-9a-f]{64}/);
    expect((await ask('SELECT count() FROM requests_raw_v1')).json.rows).toEqual([[3]]);
  });

  test('gets nothing of a table that the role on a server is not granted', async () => {
    const roles = readFileSync(new URL('../../../../infra/clickhouse/roles.sql', import.meta.url), 'utf8');
    const granted = [...roles.matchAll(/^GRANT SELECT ON tripkey\.(\w+) TO tripkey_read;/gm)];
    expect(granted.map(([, table]) => table).toSorted()).toEqual(tablesForAnalysts.toSorted());
    const { rows } = (await ask('SHOW TABLES')).json as { rows: [string][] };
    const reach = [];
    for (const [table] of rows) reach.push([table, (await ask(`SELECT count() FROM ${table}`)).status]);
    expect(reach).toEqual(rows.map(([table]) => [table, tablesForAnalysts.includes(table) ? 200 : 403]));
  });

  test('gets no tokens by a parameter that names a table', async () => {
    const { json } = await ask('SELECT * FROM {t:Identifier}', { params: { t: 'api_tokens_v1' } });
    expect(json.code).toBe('api.query_refused');
  });

  test('cannot ask at all where no read-only user is configured', async () => {
    await using other = await anApi(ClickHouseConfig.parse({ url: engine.url }));
    expect((await other.call('POST', '/v1/query', { body: { sql: 'SELECT 1' } })).json.code).toBe(
      'api.query_refused',
    );
  });
});
