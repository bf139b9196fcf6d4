import { QueryError } from './query-error.ts';
import { type Token, tokens } from './sql-tokens.ts';

/** An INSERT whose rows come as bytes in a format: the text before the data, taken apart. */
export interface DataInsert {
  readonly kind: 'data-insert';
  /** `INSERT INTO t (a, b)` */
  readonly target: string;
  /** `SETTINGS x = 1`, or empty */
  readonly settings: string;
  readonly format: string;
  /** Index in the text at which the data begins. */
  readonly dataStart: number;
}

/** Anything else. */
export interface PlainStatement {
  readonly kind: 'plain';
  /** In upper case; `(` for a parenthesised SELECT; empty for an empty text. */
  readonly firstWord: string;
  /** The output format that the statement names. */
  readonly format: string | undefined;
  /** Where `FORMAT <name>` stands in the text. */
  readonly formatAt?: readonly [start: number, end: number];
  /** An INSERT that does not say where its rows come from, or not yet. */
  readonly unfinishedInsert: boolean;
}

export type Statement = DataInsert | PlainStatement;

/**
 * Says what a statement is, from its text alone. For a `data-insert`, what stands after `dataStart` is not looked at.
 * @throws {QueryError} for what must not reach the engine: files of the server (FROM INFILE, INTO OUTFILE), and inline
 * data where it cannot be told from SQL.
 */
export function readStatement(sql: string): Statement {
  const scanner = tokens(sql);
  const first = scanner.next();
  if (first.done) return { kind: 'plain', firstWord: '', format: undefined, unfinishedInsert: false };
  return is(first.value, 'INSERT') ? readInsert(sql, scanner) : readPlain(first.value, scanner);
}

function readPlain(first: Token, rest: Iterable<Token>): PlainStatement {
  const outer = [first];
  let before = first;
  let insertSeen = false;
  for (const token of rest) {
    if (is(before, 'INTO') && is(token, 'OUTFILE')) throw serverFile('INTO OUTFILE');
    if (is(before, 'INSERT') && is(token, 'INTO')) insertSeen = true;
    if (insertSeen && (is(token, 'VALUES') || is(token, 'FORMAT'))) {
      throw notServed('an INSERT with inline rows inside another statement');
    }
    if (token.depth === 0) outer.push(token);
    before = token;
  }
  return {
    kind: 'plain',
    firstWord: first.text.toUpperCase(),
    ...outputFormat(outer),
    unfinishedInsert: false,
  };
}

/** FORMAT and a name, then nothing, or another clause of a query's tail. */
function outputFormat(outer: readonly Token[]): Pick<PlainStatement, 'format' | 'formatAt'> {
  const at = outer.findLastIndex((token, index) => {
    const after = outer[index + 2];
    return (
      is(token, 'FORMAT') &&
      outer[index + 1]?.kind === 'word' &&
      (after === undefined || after.text === ';' || is(after, 'SETTINGS') || is(after, 'INTO'))
    );
  });
  const [keyword, name] = outer.slice(at, at + 2);
  if (at < 0 || keyword === undefined || name === undefined) return { format: undefined };
  return { format: name.text, formatAt: [keyword.start, name.end] };
}

function readInsert(sql: string, rest: Iterator<Token>): Statement {
  const insert = { kind: 'plain', firstWord: 'INSERT', format: undefined } as const;
  let token = skipTarget(rest);
  let settingsAt: number | undefined;
  let afterTarget = true;
  for (; token !== undefined; token = next(rest)) {
    if (token.depth > 0) {
      // `INSERT INTO t (SELECT …)`
      if (afterTarget && (is(token, 'SELECT') || is(token, 'WITH'))) return readInsertSelect(rest);
      if (token.text !== '(') afterTarget = false;
      continue;
    }
    if (token.text === ';') throw new QueryError(62, 'SYNTAX_ERROR', 'one statement a request');
    if (is(token, 'SELECT') || is(token, 'WITH')) return readInsertSelect(rest);
    if (is(token, 'INFILE')) throw serverFile('FROM INFILE');
    if (is(token, 'SETTINGS')) settingsAt = token.start;
    const values = is(token, 'VALUES');
    if (!values && !is(token, 'FORMAT')) continue;
    const name = values ? token : next(rest);
    if (name === undefined) return { ...insert, unfinishedInsert: true };
    if (name.kind !== 'word') throw new QueryError(62, 'SYNTAX_ERROR', 'a name is expected after FORMAT');
    return {
      kind: 'data-insert',
      target: sql.slice(0, settingsAt ?? token.start).trim(),
      settings: settingsAt === undefined ? '' : sql.slice(settingsAt, token.start).trim(),
      format: values ? 'Values' : name.text,
      dataStart: name.end + (/^[ \t\f]*(?:\r?\n)?/.exec(sql.slice(name.end, name.end + 64))?.[0].length ?? 0),
    };
  }
  return { ...insert, unfinishedInsert: true };
}

/** An INSERT … SELECT is plain SQL, unless it takes rows from the body through `input()`. */
function readInsertSelect(rest: Iterator<Token>): PlainStatement {
  for (let token = next(rest); token !== undefined; token = next(rest)) {
    if (token.depth === 0 && is(token, 'FORMAT')) throw notServed('INSERT … SELECT … FROM input() FORMAT');
  }
  return { kind: 'plain', firstWord: 'INSERT', format: undefined, unfinishedInsert: false };
}

/** Reads INTO, TABLE, FUNCTION and the table's name, which may be any word; returns the token after them. */
function skipTarget(rest: Iterator<Token>): Token | undefined {
  let token = next(rest);
  for (const keyword of ['INTO', 'TABLE', 'FUNCTION']) {
    if (token !== undefined && is(token, keyword)) token = next(rest);
  }
  for (;;) {
    if (token?.text === '{') while (token !== undefined && token.text !== '}') token = next(rest);
    token = next(rest);
    if (token?.text !== '.') return token;
    token = next(rest);
  }
}

function next(rest: Iterator<Token>): Token | undefined {
  const step = rest.next();
  return step.done ? undefined : step.value;
}

function is(token: Token, keyword: string): boolean {
  return (
    token.kind === 'word' && token.text.length === keyword.length && token.text.toUpperCase() === keyword
  );
}

function serverFile(what: string): QueryError {
  return new QueryError(
    358,
    'INTO_OUTFILE_NOT_ALLOWED',
    `${what} is for the client's files and not served here`,
  );
}

function notServed(what: string): QueryError {
  return new QueryError(48, 'NOT_IMPLEMENTED', `${what} is not served by the embedded engine`);
}
