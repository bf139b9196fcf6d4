import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { QueryError } from './query-error.ts';
import { header } from './query-request.ts';
import { type DataInsert, type PlainStatement, readStatement } from './statement.ts';

/** SQL text longer than this is refused (the engine's own default limit, `max_query_size`, is 256 KiB). */
export const sqlBytesMax = 4 * 1024 * 1024;
/** Within this many bytes of a body the head of an INSERT has to end, data or not. */
const insertHeadBytesMax = 64 * 1024;

/** What a request carries: SQL, or the head of an INSERT and the bytes of its rows. */
export type RequestSql =
  | { readonly statement: PlainStatement; readonly sql: string }
  | { readonly statement: DataInsert; readonly rows: AsyncIterable<Uint8Array> };

/**
 * Reads SQL from the URL and the body, which count as one text. Rows of an INSERT are not read, only found, so that
 * the caller can stream them; they are bytes and stay bytes.
 * @throws {QueryError} for an unknown Content-Encoding, too long SQL, an unfinished INSERT, or no SQL.
 */
export async function readRequestSql(urlSql: string, body: AsyncIterable<Uint8Array>): Promise<RequestSql> {
  const start = urlSql === '' ? Buffer.alloc(0) : Buffer.from(`${urlSql}\n`);
  const inUrl = urlSql === '' ? undefined : readStatement(`${urlSql}\n`);
  if (inUrl?.kind === 'data-insert') return withRows(inUrl, `${urlSql}\n`, start, body);

  const chunks: Uint8Array[] = [start];
  let bytes = start.byteLength;
  let looked = false;
  const rest = body[Symbol.asyncIterator]();
  for (let step = await rest.next(); !step.done; step = await rest.next()) {
    chunks.push(step.value);
    bytes += step.value.byteLength;
    if (bytes >= insertHeadBytesMax && !looked) {
      looked = true;
      const read = Buffer.concat(chunks);
      const head = read.toString('utf8', 0, insertHeadBytesMax);
      if (/^\W*INSERT\b/i.test(head) || /^\s*(--|#|\/\*)/.test(head)) {
        const statement = readStatement(head);
        if (statement.kind === 'data-insert') {
          return withRows(statement, head, read, { [Symbol.asyncIterator]: () => rest });
        }
      }
    }
    if (bytes > sqlBytesMax)
      throw new QueryError(62, 'SYNTAX_ERROR', `SQL longer than ${sqlBytesMax} bytes`, 413);
  }
  const read = Buffer.concat(chunks);
  const sql = read.toString('utf8');
  const statement = readStatement(sql);
  if (statement.kind === 'data-insert') return withRows(statement, sql, read, nothing());
  if (statement.unfinishedInsert) {
    throw new QueryError(
      62,
      'SYNTAX_ERROR',
      'an INSERT needs VALUES, SELECT, or FORMAT and rows in the body',
    );
  }
  if (statement.firstWord === '') throw new QueryError(62, 'SYNTAX_ERROR', 'the request holds no SQL');
  return { statement, sql };
}

/** The body as it was before Content-Encoding. */
export function decodedBody(request: IncomingMessage): AsyncIterable<Uint8Array> {
  const encoding = header(request, 'content-encoding')?.toLowerCase();
  // Leaving a loop over a request would destroy its socket, and with it the answer.
  if (encoding === undefined || encoding === 'identity') return request.iterator({ destroyOnReturn: false });
  const decoder = decoders[encoding]?.();
  if (decoder === undefined) {
    throw new QueryError(
      36,
      'BAD_ARGUMENTS',
      `Content-Encoding is not one of ${Object.keys(decoders).join(', ')}`,
    );
  }
  request.on('error', (error) => decoder.destroy(error));
  request.on('close', () => {
    if (!request.complete) decoder.destroy(new Error('the client went away within the body'));
  });
  return request.pipe(decoder);
}

const decoders: Readonly<Record<string, () => Readable & NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

function withRows(
  statement: DataInsert,
  text: string,
  read: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): RequestSql {
  const first = read.subarray(Buffer.byteLength(text.slice(0, statement.dataStart)));
  return { statement, rows: first.byteLength === 0 ? rest : after(first, rest) };
}

async function* after(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
