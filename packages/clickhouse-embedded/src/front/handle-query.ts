import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine } from '../engine/engine.ts';
import { literal } from '../engine/sql-text.ts';
import { authenticate, type User, type Users } from './access.ts';
import { QueryError } from './query-error.ts';
import { header, type QueryRequest, readQueryRequest } from './query-request.ts';
import { type ReadOnlyGate, readOnlySettings } from './read-only-gate.ts';
import { decodedBody, type RequestSql, readRequestSql, sqlBytesMax } from './request-body.ts';
import { isStreamable, sendError, sendStream, sendWhole } from './respond.ts';
import type { Sessions } from './sessions.ts';
import type { Spool } from './spool.ts';

/** Results that cannot be streamed are held in memory; a larger one is an error of the engine (code 396). */
const wholeResultBytesMax = 1024 ** 3;

export interface QueryParts {
  readonly engine: Engine;
  readonly sessions: Sessions;
  readonly spool: Spool;
  readonly users: Users;
  readonly gate: ReadOnlyGate;
  /** Bytes of an insert's body, after decompression. */
  readonly bodyBytesMax: number;
}

/** One request from its head to the end of its response. Answers every error itself. */
export async function handleQuery(
  parts: QueryParts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const id = randomUUID();
  let query: Running = {
    tag: id,
    gone: new AbortController(),
    startedAt: process.hrtime.bigint(),
  };
  response.on('close', () => {
    if (!response.writableFinished) query.gone.abort(new Error('the client went away'));
  });
  try {
    const { name, user } = authenticate(request, url, parts.users);
    const asked = await withMultipart(request, readQueryRequest(request, url));
    response.setHeader('X-ClickHouse-Query-Id', asked.queryId ?? id);
    // So that others can find it in system.processes: the engine gives queries ids of its own.
    if (asked.queryId !== undefined) query = { ...query, tag: `${asked.queryId} ${id}` };
    const body = isMultipart(request) ? [] : decodedBody(request);
    const sql = await readRequestSql(asked.urlSql, asAsync(body));
    if (request.method === 'GET' || user.readOnly) await refuseWrites(parts.engine, sql);
    if ('rows' in sql) await insertRows(parts, name, asked, sql, query, response);
    else await runSql(parts, name, user, asked, sql, query, response);
  } catch (error) {
    sendError(response, error, parts.engine.version);
  } finally {
    // What the client still sends is read and thrown away: it would not read an answer before it has sent all.
    request.unpipe();
    request.resume();
  }
}

interface Running {
  /** Marks the query in the engine, so that it can be found and killed. */
  readonly tag: string;
  readonly gone: AbortController;
  readonly startedAt: bigint;
}

/**
 * Rows go through a file. Once they are whole the insert runs to its end, also when the client has gone: as on a
 * server, and because a half-finished insert helps nobody.
 */
async function insertRows(
  { engine, sessions, spool, bodyBytesMax }: QueryParts,
  user: string,
  asked: QueryRequest,
  { statement, rows }: Extract<RequestSql, { rows: unknown }>,
  query: Running,
  response: ServerResponse,
): Promise<void> {
  await using body = await spool.write(rows, bodyBytesMax);
  query.gone.signal.throwIfAborted();
  const source = `FROM INFILE ${literal(body.file)} COMPRESSION 'none'`;
  // On lines of their own: a part may end in a comment.
  const sql = [statement.target, source, statement.settings, `FORMAT ${statement.format}`].join('\n');
  try {
    await requireOneStatement(engine, sql);
    await using prepared = await sessions.prepare(user, asked, sql, new Map([['log_comment', query.tag]]));
    const result = await prepared.connection.run(sql, 'Null');
    await sendWhole(response, asked, 'TabSeparated', new Uint8Array(0), {
      readRows: result.rowsRead,
      readBytes: result.bytesRead,
      writtenRows: result.rowsRead,
      writtenBytes: body.bytes,
      elapsedNs: process.hrtime.bigint() - query.startedAt,
    });
  } catch (error) {
    sendError(response, error, engine.version, body.file);
  }
}

async function runSql(
  { engine, sessions, gate }: QueryParts,
  name: string,
  user: User,
  asked: QueryRequest,
  { statement, sql: text }: Extract<RequestSql, { sql: string }>,
  query: Running,
  response: ServerResponse,
): Promise<void> {
  const { queryClass } = await requireOneStatement(engine, text);
  // The gate prints the syntax tree, which FORMAT would print otherwise; what it has seen is what is run.
  const sql = user.readOnly ? cut(text, statement.formatAt) : text;
  const format = statement.format ?? asked.defaultFormat;
  if (user.readOnly) await gate.check(sessions, asked, { sql, format }, user.openTables);
  const streams = /^(SELECT|WITH|\()$/.test(statement.firstWord) && queryClass === 0 && isStreamable(format);
  const last = new Map([['log_comment', query.tag]]);
  if (queryClass === 0 && !streams && !asked.settings.has('max_result_bytes')) {
    last.set('max_result_bytes', String(wholeResultBytesMax));
  }
  if (user.readOnly) for (const [setting, value] of readOnlySettings(asked)) last.set(setting, value);
  await using prepared = await sessions.prepare(name, asked, sql, last);
  const stop = { signal: query.gone.signal, tag: query.tag };
  const elapsedNs = () => process.hrtime.bigint() - query.startedAt;
  if (streams) {
    const blocks = prepared.connection.stream(sql, format, stop);
    await sendStream(response, asked, format, blocks, () => ({ elapsedNs: elapsedNs() }));
    return;
  }
  const result = await prepared.connection.run(sql, format, stop);
  await sendWhole(response, asked, format, result.bytes, {
    readRows: result.rowsRead,
    readBytes: result.bytesRead,
    elapsedNs: elapsedNs(),
  });
}

function cut(text: string, span: readonly [start: number, end: number] | undefined): string {
  return span === undefined ? text : `${text.slice(0, span[0])} ${text.slice(span[1])}`;
}

/** The engine would run any number of statements; ClickHouse's HTTP interface runs one. */
async function requireOneStatement(engine: Engine, sql: string): Promise<{ queryClass: number }> {
  const { statementCount, queryClass } = await engine.classify(sql);
  if (statementCount > 1) throw new QueryError(62, 'SYNTAX_ERROR', 'one statement a request');
  return { queryClass };
}

/** GET must not change anything: links are followed by mail scanners and browsers. */
async function refuseWrites(engine: Engine, sql: RequestSql): Promise<void> {
  if ('sql' in sql && (await engine.classify(sql.sql)).queryClass === 0) return;
  throw new QueryError(164, 'READONLY', 'only a reading statement is allowed here');
}

/** Takes SQL and parameters out of a form, the way in which clients send parameters too long for a URL. */
async function withMultipart(request: IncomingMessage, asked: QueryRequest): Promise<QueryRequest> {
  if (!isMultipart(request)) return asked;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of decodedBody(request)) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > sqlBytesMax)
      throw new QueryError(62, 'SYNTAX_ERROR', `a form longer than ${sqlBytesMax} bytes`, 413);
  }
  const headers = { 'content-type': header(request, 'content-type') ?? '' };
  const form = await new Response(Buffer.concat(chunks), { headers }).formData();
  const params = new Map(asked.params);
  let urlSql = asked.urlSql;
  for (const [name, value] of form) {
    if (typeof value !== 'string')
      throw new QueryError(48, 'NOT_IMPLEMENTED', 'files in a form are not served');
    if (name === 'query') urlSql = urlSql === '' ? value : `${urlSql}\n${value}`;
    else if (/^param_\w+$/.test(name)) params.set(name.slice('param_'.length), value);
  }
  return { ...asked, urlSql, params };
}

function isMultipart(request: IncomingMessage): boolean {
  return /^multipart\/form-data/i.test(header(request, 'content-type') ?? '');
}

async function* asAsync(body: AsyncIterable<Uint8Array> | readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* body;
}
