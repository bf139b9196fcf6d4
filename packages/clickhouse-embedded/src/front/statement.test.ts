import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokens } from './sql-tokens.ts';
import { readStatement } from './statement.ts';

test.each([
  ['INSERT INTO t FORMAT CSV\n1,2', 'INSERT INTO t', '', 'CSV', '1,2'],
  [
    'insert into t (a, b) settings x = 1, y = \'VALUES\' format JSONEachRow {"a":1}',
    'insert into t (a, b)',
    "settings x = 1, y = 'VALUES'",
    'JSONEachRow',
    '{"a":1}',
  ],
  ['INSERT INTO t VALUES (1)', 'INSERT INTO t', '', 'Values', '(1)'],
  ['INSERT INTO values VALUES(1)', 'INSERT INTO values', '', 'Values', '(1)'],
  [
    'INSERT INTO TABLE db.`FORMAT x` FORMAT\tTSV\r\n\n\n',
    'INSERT INTO TABLE db.`FORMAT x`',
    '',
    'TSV',
    '\n\n',
  ],
  [
    'INSERT INTO {t:Identifier} (* EXCEPT(values)) FORMAT CSV\n',
    'INSERT INTO {t:Identifier} (* EXCEPT(values))',
    '',
    'CSV',
    '',
  ],
  [
    "INSERT INTO FUNCTION remote('h', db.t) VALUES (1)",
    "INSERT INTO FUNCTION remote('h', db.t)",
    '',
    'Values',
    '(1)',
  ],
  [
    '/* VALUES */ INSERT -- FORMAT x\n INTO t FORMAT CSV\n\n1',
    '/* VALUES */ INSERT -- FORMAT x\n INTO t',
    '',
    'CSV',
    '\n1',
  ],
])('the data of %j begins where the engine would let it begin', (sql, target, settings, format, data) => {
  const read = readStatement(sql);
  expect(read).toMatchObject({ kind: 'data-insert', target, settings, format });
  expect(read.kind === 'data-insert' && sql.slice(read.dataStart)).toBe(data);
});

test.each([
  ['SELECT 1 FORMAT JSON', 'JSON'],
  ['SELECT format FROM t', undefined],
  ["SELECT 'x FORMAT JSON'", undefined],
  ['SELECT * FROM (SELECT 1 FORMAT JSON)', undefined],
  ['SELECT 1 FORMAT JSON SETTINGS max_threads = 1;', 'JSON'],
  ['SELECT 1 SETTINGS max_threads = 1 FORMAT Parquet -- FORMAT CSV', 'Parquet'],
  ['SELECT format AS x FROM t FORMAT CSV', 'CSV'],
])('the output format of %j is %j', (sql, format) => {
  expect(readStatement(sql)).toMatchObject({ kind: 'plain', format });
});

test('an INSERT that takes its rows from a query is plain SQL', () => {
  for (const sql of [
    'INSERT INTO t SELECT 1',
    'INSERT INTO t (a) WITH x AS (SELECT 1) SELECT * FROM x',
    'INSERT INTO t (SELECT 1)',
  ]) {
    expect(readStatement(sql)).toMatchObject({ kind: 'plain', unfinishedInsert: false });
  }
});

test('tokens cover a text in order, whatever it holds', () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    '`',
    '\\',
    '\n',
    '$$',
    '$a$',
    '--',
    '/*',
    '*/',
    '(',
    ')',
    '“',
    '”',
    '‘',
    'é',
    '😀',
    'word',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const sql = pieces.join('');
      let end = 0;
      for (const token of tokens(sql)) {
        expect(token.start).toBeGreaterThanOrEqual(end);
        expect(token.text).toBe(sql.slice(token.start, token.end));
        end = token.end;
      }
      expect(end).toBeLessThanOrEqual(sql.length);
    }),
  );
});
