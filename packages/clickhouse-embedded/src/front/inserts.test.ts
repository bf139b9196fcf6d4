import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { eventually } from '@tripkey/service-kit/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { anEngine, type EngineUnderTest } from '../testing/engine-under-test.ts';
import { spoolInMemory } from './spool.ts';

let under: EngineUnderTest;
beforeAll(async () => {
  under = await anEngine({ bodyBytesMax: 20_000_000 });
}, 60_000);
afterAll(() => under[Symbol.asyncDispose](), 60_000);

beforeEach(async () => {
  await under.post('DROP TABLE IF EXISTS victim');
  await under.post('DROP TABLE IF EXISTS rows');
  await under.post('CREATE TABLE victim (a Int64) ENGINE = MergeTree ORDER BY a');
  await under.post(
    `CREATE TABLE rows (a Int64, s String) ENGINE = MergeTree ORDER BY a
     SETTINGS non_replicated_deduplication_window = 100`,
  );
});

const insert = (format: string) => ({ query: `INSERT INTO rows FORMAT ${format}` });
const stored = async () =>
  (await under.post('SELECT a, s FROM rows ORDER BY a, s FORMAT JSONCompactEachRow')).text;
const victimLives = async () => (await under.post('EXISTS TABLE victim')).text === '1\n';

test('an empty line in a body is data, and what follows it is never run', async () => {
  await under.post('1,"x\n\nDROP TABLE victim;"\n2,b\n', insert('CSV'));
  await under.post('{"a":3,"s":"c"}\n\n{"a":4,"s":"\\n\\nDROP TABLE victim;"}\n', insert('JSONEachRow'));
  expect(await stored()).toBe(
    '[1, "x\\n\\nDROP TABLE victim;"]\n[2, "b"]\n[3, "c"]\n[4, "\\n\\nDROP TABLE victim;"]\n'.replaceAll(
      ', ',
      ', ',
    ),
  );
  expect(await victimLives()).toBe(true);
});

test.each([
  ['rows after VALUES', "INSERT INTO rows VALUES (1,'x\n\nDROP TABLE victim;')"],
  ['rows after FORMAT', 'INSERT INTO rows FORMAT CSV\n1,"x\n\nDROP TABLE victim;"'],
  [
    'FORMAT within a name',
    'INSERT INTO rows (`a`, `s`) /* FORMAT */ -- VALUES\n FORMAT CSV\n1,"x\n\nDROP TABLE victim;"',
  ],
  ['settings between', 'INSERT INTO rows SETTINGS max_threads = 1 FORMAT CSV\n1,"x\n\nDROP TABLE victim;"'],
])('%s in the same text as the INSERT are data too', async (_, sql) => {
  expect((await under.post(sql)).text).toBe('');
  expect(JSON.parse(await stored())).toEqual([1, 'x\n\nDROP TABLE victim;']);
  expect(await victimLives()).toBe(true);
});

test.each([
  ['two statements', 'SELECT 1; DROP TABLE victim'],
  ['a statement within the head of an INSERT', 'INSERT INTO rows; DROP TABLE victim; FORMAT CSV\n'],
  ['EXPLAIN with inline rows', 'EXPLAIN SYNTAX INSERT INTO rows FORMAT CSV\n1,a\n\nDROP TABLE victim;'],
  ['EXPLAIN with inline values', "EXPLAIN AST INSERT INTO rows VALUES (1,'a')\n\nDROP TABLE victim;"],
  [
    'rows after INSERT SELECT',
    'INSERT INTO rows SELECT * FROM input() FORMAT CSV\n1,a\n\nDROP TABLE victim;',
  ],
  ['a file of the server as source', "INSERT INTO rows FROM INFILE '/etc/passwd' FORMAT CSV"],
  ['a file of the server as target', "SELECT 1 INTO OUTFILE '/tmp/tripkey-outfile'"],
  ['an INSERT without rows', 'INSERT INTO rows'],
  [
    'PARALLEL WITH and inline rows',
    'DROP TABLE nothing PARALLEL WITH INSERT INTO rows FORMAT CSV\n1,a\n\nDROP TABLE victim',
  ],
])('%s is refused and nothing of it is run', async (_, sql) => {
  expect((await under.post(sql)).status).toBeGreaterThanOrEqual(400);
  expect(await victimLives()).toBe(true);
  expect(await stored()).toBe('');
});

test('no text in a value of any quoting reaches the engine as SQL', async () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    '`',
    '\\',
    '\n\n',
    ';',
    'DROP TABLE victim;',
    '--',
    '/*',
    '*/',
    '$$',
    '“',
    ' FORMAT CSV\n',
    'x',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      const value = pieces.join('');
      await under.post('TRUNCATE TABLE rows');
      const quoted = `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
      const settings = { insert_deduplicate: '0' };
      expect((await under.post(`INSERT INTO rows VALUES (1, ${quoted})`, settings)).text).toBe('');
      expect(JSON.parse(await stored())).toEqual([1, value]);
      expect(
        (await under.post('SELECT {v:String} AS v FORMAT JSON', { param_v: escapedParam(value) })).text,
      ).toContain(JSON.stringify(value).replaceAll('/', '\\/'));
    }),
    { numRuns: 40 },
  );
  expect(await victimLives()).toBe(true);
});

/** How clients write a string for a URL parameter: in the TSV way. */
const escapedParam = (value: string) =>
  value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');

test.each(['RowBinary', 'Native', 'Parquet', 'ArrowStream'])(
  'a %s body arrives byte for byte',
  async (format) => {
    const source = `SELECT toInt64(2570 + number) AS a, concat('\\n\\n', char(0, 10, 10, 13, 255), toString(number)) AS s FROM numbers(1000)`;
    const body = await under.post(`${source} FORMAT ${format}`);
    expect((await under.post(body.bytes, insert(format))).text).toBe('');
    const sum = (from: string) =>
      under.post(`SELECT count(), sum(sipHash64(a, s)) FROM ${from}`).then((a) => a.text);
    expect(await sum('rows')).toBe(await sum(`(${source})`));
  },
);

test.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
  ['br', brotliCompressSync],
])('a %s body is decompressed', async (encoding, compress) => {
  const body = compress(Buffer.from('{"a":1,"s":"one"}\n'));
  expect((await under.post(body, insert('JSONEachRow'), { 'content-encoding': encoding })).text).toBe('');
  expect(await stored()).toBe('[1, "one"]\n');
});

test('a damaged compressed body is an error, and nothing of it is stored', async () => {
  const body = gzipSync(Buffer.from('{"a":1,"s":"one"}\n'.repeat(10_000))).subarray(0, 200);
  expect((await under.post(body, insert('JSONEachRow'), { 'content-encoding': 'gzip' })).status).toBe(500);
  expect(await stored()).toBe('');
  expect((await under.post('', insert('JSONEachRow'), { 'content-encoding': 'snappy' })).status).toBe(400);
});

test('a bad row fails the whole insert and is named, the spool file is not', async () => {
  const answer = await under.post('{"a":1,"s":"one"}\n{"a":"x"}\n', insert('JSONEachRow'));
  expect(answer.status).toBe(400);
  expect(answer.text).toMatch(/^Code: 27\. DB::Exception: .*at row 2/s);
  expect(answer.text).not.toContain('spool');
  expect(await stored()).toBe('');
});

test('an empty body inserts nothing and is no error', async () => {
  expect((await under.post('', insert('JSONEachRow'))).status).toBe(200);
  expect(await stored()).toBe('');
});

test('a body above the bound is refused by name', async () => {
  const answer = await under.post(Buffer.alloc(21_000_000, 32), insert('JSONEachRow'));
  expect(answer.status).toBe(413);
  expect(answer.text).toContain('bodyBytesMax, 20000000 bytes');
});

test('an insert reports the rows that it has written', async () => {
  const answer = await under.post('{"a":1}\n{"a":2}\n', insert('JSONEachRow'));
  const summary = JSON.parse(answer.headers.get('x-clickhouse-summary') ?? '{}');
  expect(summary).toMatchObject({ written_rows: '2', written_bytes: '16' });
});

test('a token of one insert does not touch the next', async () => {
  for (const token of ['t1', 't1', 't2']) {
    const settings = { insert_deduplication_token: token };
    await under.post('{"a":1,"s":"one"}\n', { ...insert('JSONEachRow'), ...settings });
  }
  await under.post('{"a":2,"s":"two"}\n', insert('JSONEachRow'));
  await under.post('{"a":3,"s":"three"}\n', insert('JSONEachRow'));
  expect(await stored()).toBe('[1, "one"]\n[1, "one"]\n[2, "two"]\n[3, "three"]\n');
});

test('a large INSERT whose head is in the body is spooled like any other', async () => {
  const rows = Array.from({ length: 200_000 }, (_, a) => `${a},"\n\nDROP TABLE victim;"`).join('\n');
  expect((await under.post(`INSERT INTO rows FORMAT CSV\n${rows}\n`)).text).toBe('');
  expect((await under.post('SELECT count() FROM rows')).text).toBe('200000\n');
  expect(await victimLives()).toBe(true);
});

test('spool files do not outlive their request', async () => {
  await under.post('{"a":1}\n', insert('JSONEachRow'));
  await under.post('{"a":"x"}\n', insert('JSONEachRow'));
  const inMemory = spoolInMemory(under.folder);
  const files = () =>
    [join(under.folder, 'spool'), inMemory].flatMap((folder) =>
      existsSync(folder) ? readdirSync(folder) : [],
    );
  // They are removed beside the answer.
  await eventually(() => expect(files()).toEqual([]));
});
