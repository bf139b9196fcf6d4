import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anEngine, type EngineUnderTest } from '../testing/engine-under-test.ts';

let under: EngineUnderTest;
const outfile = '/tmp/tripkey-read-only-outfile';
beforeAll(async () => {
  rmSync(outfile, { force: true });
  under = await anEngine({ users: { analyst: { password: 'made-up', readOnly: true } } });
  await under.post(
    'CREATE TABLE usage (key_id String, n UInt64, file String) ENGINE = MergeTree ORDER BY key_id',
  );
  await under.post("INSERT INTO usage VALUES ('k1', 1, 'f'), ('k2', 2, 'f')");
  await under.post('CREATE FUNCTION reads_a_file AS (x) -> file(x)');
}, 60_000);
afterAll(() => under[Symbol.asyncDispose](), 60_000);

const analyst = { 'x-clickhouse-user': 'analyst', 'x-clickhouse-key': 'made-up' };
const ask = (sql: string, url: Record<string, string> = {}) => under.post(sql, url, analyst);

test.each([
  ['SELECT sum(n) AS total, countIf(n > 1), uniqExactIf(key_id, n = 1) FROM usage', '3\t1\t1\n'],
  [
    'WITH t AS (SELECT key_id, n FROM tripkey.usage) SELECT a.key_id FROM t AS a JOIN usage AS b USING (key_id) ORDER BY 1 LIMIT 1',
    'k1\n',
  ],
  [
    'SELECT key_id, sum(n) OVER (ORDER BY key_id) FROM usage WHERE key_id IN (SELECT key_id FROM usage) ORDER BY 1',
    'k1\t1\nk2\t3\n',
  ],
  [
    "SELECT arrayMap(x -> x + 1, [1, 2]), CAST('1' AS UInt8), toDate('2026-03-02') + INTERVAL 1 DAY",
    '[2,3]\t1\t2026-03-03\n',
  ],
  [
    "SELECT CASE WHEN n = 1 THEN 'one' ELSE 'more' END, quantile(0.5)(n), usage.file FROM usage GROUP BY ALL ORDER BY 1 LIMIT 1 FORMAT CSV",
    '"more",2,"f"\n',
  ],
  ['SELECT count() FROM numbers(10)', '10\n'],
  ['SHOW TABLES', 'usage\n'],
  ["SELECT count() > 0 FROM system.columns WHERE table = 'usage'", '1\n'],
])('an analyst may ask %j', async (sql, text) => {
  expect((await ask(sql)).text).toBe(text);
});

test.each([
  "SELECT file('/etc/passwd')",
  "SELECT FILE('/etc/passwd')",
  "SELECT `file`('/etc/passwd')",
  "SELECT arrayMap(file, ['/etc/passwd'])",
  "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
  "SELECT * APPLY(file) FROM (SELECT '/etc/passwd')",
  "SELECT COLUMNS('.*') APPLY(x -> file(x)) FROM (SELECT '/etc/passwd')",
  "SELECT chdb('SELECT 1')",
  "SELECT reads_a_file('/etc/passwd')",
  "SELECT * FROM file('/etc/passwd', LineAsString)",
  "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)",
  "SELECT * FROM remote('127.0.0.1', system.one)",
  "SELECT * FROM executable('id', 'TSV', 'a String')",
  "SELECT * FROM merge('system', 'one')",
  "SELECT * FROM view(SELECT * FROM file('/etc/passwd', LineAsString))",
  "SELECT 1 WHERE 'x' IN (SELECT * FROM file('/etc/passwd', LineAsString))",
  "WITH (SELECT file('/etc/passwd')) AS x SELECT x",
  "DESCRIBE TABLE file('/etc/passwd')",
  "EXPLAIN SELECT file('/etc/passwd')",
  'SELECT * FROM system.processes',
  'SELECT 1 IN system.one, 1 IN system.processes',
  'SELECT * FROM default.`/etc/passwd`',
  'SELECT * FROM information_schema.tables',
  'SELECT 1 AS `a\nb`',
  `SELECT 1 INTO OUTFILE '${outfile}'`,
  'SELECT sleepEachRow(3)',
  'SELECT 1; SELECT 2',
  'SHOW CREATE TABLE usage',
  'SHOW PROCESSLIST',
  'SET max_threads = 1',
  'USE system',
  'KILL QUERY WHERE 1',
  'SYSTEM FLUSH LOGS',
  "INSERT INTO usage VALUES ('k3', 3, '')",
  'INSERT INTO usage SELECT * FROM usage',
  'DROP TABLE usage',
  'CREATE TEMPORARY TABLE x (a UInt8)',
  'TRUNCATE TABLE usage',
  'ALTER TABLE usage DELETE WHERE 1',
  'SELECT 1 SETTINGS max_execution_time = 1000',
  'SELECT 1 SETTINGS readonly = 0',
  'SELECT 1 AS a FORMAT Protobuf',
  'SELECT 1 AS a FORMAT Template',
  'SELECT 1 AS a FORMAT CustomSeparated',
  `SELECT 1 AS a FORMAT Protobuf SETTINGS output_format_schema = '${outfile}'`,
  `SELECT 1 AS a SETTINGS output_format_schema = '${outfile}' FORMAT JSON`,
])('an analyst may not ask %j', async (sql) => {
  const answer = await ask(sql);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.text).not.toContain('root:');
  expect(existsSync(outfile)).toBe(false);
  expect((await under.post('SELECT count() FROM usage')).text).toBe('2\n');
});

test('parameters cannot name what the SQL may not', async () => {
  expect((await ask('SELECT count() FROM {t:Identifier}', { param_t: 'usage' })).text).toBe('2\n');
  expect(
    (await ask('SELECT * FROM {t:Identifier}', { param_t: 'processes', database: 'system' })).status,
  ).toBe(403);
  expect(
    (await ask('SELECT * FROM {d:Identifier}.{t:Identifier}', { param_d: 'system', param_t: 'processes' }))
      .status,
  ).toBe(403);
  expect((await ask('SELECT 1 AS {a:Identifier}', { param_a: 'x)\n  Asterisk' })).status).toBe(403);
  expect((await ask('SELECT arrayMap({f:Identifier}, [1])', { param_f: 'file' })).status).toBe(403);
});

test('settings of a request cannot loosen a limit, and can tighten it', async () => {
  const limit = "SELECT getSetting('max_execution_time'), getSetting('readonly')";
  expect((await ask(limit, { readonly: '0' })).status).toBe(403);
  expect((await ask('SELECT 1', { format_schema: '/etc/passwd' })).status).toBe(403);
  expect((await ask('SELECT 1', { session_id: 's' })).status).toBe(403);
  const slow = 'SELECT sum(sipHash64(number)) FROM numbers(100000000000)';
  expect((await ask(slow, { max_execution_time: '0.05' })).headers.get('x-clickhouse-exception-code')).toBe(
    '159',
  );
  expect(
    (await ask('SELECT number FROM numbers(1000)', { max_result_rows: '10', max_block_size: '10' })).text,
  ).toContain('396');
  expect((await ask("SELECT repeat('x', 1000)", { max_result_bytes: '100' })).text).toContain('396');
});

test.each(['Protobuf', 'ProtobufSingle', 'ProtobufList', 'CapnProto', 'JSON'])(
  'a schema of %s is no way to write over a file',
  async (format) => {
    const file = join(under.folder, 'precious');
    writeFileSync(file, 'precious');
    const schema = { output_format_schema: file, format_schema: `${file}:a` };
    for (const [setting, value] of Object.entries(schema)) {
      expect((await ask('SELECT 1 AS a', { [setting]: value, default_format: format })).status).toBe(403);
      const byHeader = { ...analyst, 'x-clickhouse-format': format };
      expect((await under.post('SELECT 1 AS a', { [setting]: value }, byHeader)).status).toBe(403);
    }
    expect(readdirSync(under.folder).filter((name) => name.startsWith('precious'))).toEqual(['precious']);
    expect(readFileSync(file, 'utf8')).toBe('precious');
  },
);

test.each([
  ['JSONCompact', { output_format_json_quote_64bit_integers: '1' }, '"1"'],
  ['CSVWithNames', { output_format_csv_crlf_end_of_line: '1' }, '"n"\r\n1\r\n'],
  ['PrettyCompactMonoBlock', { output_format_pretty_color: '0' }, '│ 1 │'],
])('an analyst may say how %s looks', async (default_format, settings: Record<string, string>, text) => {
  expect((await ask('SELECT toUInt64(1) AS n', { default_format, ...settings })).text).toContain(text);
});

test('the unmodified client reads as an analyst', async () => {
  const client = createClient({
    url: under.engine.url,
    username: 'analyst',
    password: 'made-up',
    log: { level: ClickHouseLogLevel.OFF },
  });
  const result = await client.query({
    query: 'SELECT n FROM usage WHERE key_id = {k:String}',
    query_params: { k: 'k2' },
    format: 'JSONEachRow',
  });
  expect(await result.json()).toEqual([{ n: 2 }]);
  await expect(client.command({ query: 'DROP TABLE usage' })).rejects.toMatchObject({ code: '164' });
  await client.close();
});
