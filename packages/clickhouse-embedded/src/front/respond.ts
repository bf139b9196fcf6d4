import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib';
import { describeError } from './query-error.ts';
import type { QueryRequest } from './query-request.ts';

/** Formats in which the documents of several blocks, one after the other, are one document. */
const streamable = new Set(
  `JSONEachRow JSONLines NDJSON JSONCompactEachRow JSONStringsEachRow JSONCompactStringsEachRow CSV TSV TabSeparated
  TSVRaw TabSeparatedRaw Raw TSKV LineAsString RawBLOB RowBinary Native`
    .toLowerCase()
    .split(/\s+/),
);

/** Whether a result in this format can be sent block by block; any other is sent when it is whole. */
export function isStreamable(format: string): boolean {
  return streamable.has(format.toLowerCase());
}

/** Figures of a query that are known when the response begins. */
export interface Summary {
  readonly readRows?: number;
  readonly readBytes?: number;
  readonly writtenRows?: number;
  readonly writtenBytes?: number;
  readonly elapsedNs: bigint;
}

/** Sends a result that is whole. */
export async function sendWhole(
  response: ServerResponse,
  request: QueryRequest,
  format: string,
  bytes: Uint8Array,
  summary: Summary,
): Promise<void> {
  writeHead(response, request, format, summary);
  const encoder = encoderFor(request);
  if (encoder) await pipeline(Readable.from([bytes]), encoder, response);
  else response.end(bytes);
}

/**
 * Sends a result block by block. The first block is awaited before the head, so that an early error has its status;
 * an error in a later block is appended in the frame by which ClickHouse's clients recognise it.
 */
export async function sendStream(
  response: ServerResponse,
  request: QueryRequest,
  format: string,
  blocks: AsyncGenerator<Uint8Array, void, undefined>,
  summary: () => Summary,
): Promise<void> {
  try {
    const first = await blocks.next();
    const errorTag = randomBytes(8).toString('hex');
    writeHead(response, request, format, summary(), errorTag);
    const source = Readable.from(withErrorFrame(first, blocks, errorTag), {
      objectMode: true,
      highWaterMark: 1,
    });
    const encoder = encoderFor(request);
    await (encoder ? pipeline(source, encoder, response) : pipeline(source, response));
  } finally {
    // Here and not where the blocks are read: when the client is gone already, nobody begins to read, and a generator
    // that has not begun runs no `finally`. A result that is not released takes the engine down some time later.
    await blocks.return();
  }
}

/** Sends an error; when a response is already under way it can only be broken off. */
export function sendError(response: ServerResponse, error: unknown, version: string, hidden?: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, status, text } = describeError(error, hidden);
  response.writeHead(status, {
    'X-ClickHouse-Exception-Code': String(code),
    'Content-Type': 'text/plain; charset=UTF-8',
  });
  response.end(`${text} (version ${version} (embedded))\n`);
}

async function* withErrorFrame(
  first: IteratorResult<Uint8Array, void>,
  blocks: AsyncGenerator<Uint8Array, void, undefined>,
  tag: string,
): AsyncGenerator<Uint8Array> {
  try {
    if (first.done) return;
    yield first.value;
    yield* blocks;
  } catch (error) {
    const message = `${describeError(error).text}\n`;
    const length = Buffer.byteLength(message);
    yield Buffer.from(`\r\n__exception__\r\n${tag}\r\n${message}${length} ${tag}\r\n__exception__\r\n`);
  }
}

function writeHead(
  response: ServerResponse,
  request: QueryRequest,
  format: string,
  summary: Summary,
  errorTag?: string,
): void {
  response.writeHead(200, {
    'Content-Type': contentType(format),
    'X-ClickHouse-Format': format,
    'X-ClickHouse-Timezone': 'UTC',
    'X-ClickHouse-Summary': JSON.stringify({
      read_rows: String(summary.readRows ?? 0),
      read_bytes: String(summary.readBytes ?? 0),
      written_rows: String(summary.writtenRows ?? 0),
      written_bytes: String(summary.writtenBytes ?? 0),
      total_rows_to_read: '0',
      result_rows: '0',
      result_bytes: '0',
      elapsed_ns: String(summary.elapsedNs),
    }),
    ...(errorTag === undefined ? {} : { 'X-ClickHouse-Exception-Tag': errorTag }),
    ...(request.responseEncoding === undefined ? {} : { 'Content-Encoding': request.responseEncoding }),
  });
}

function contentType(format: string): string {
  if (/^(JSON\w*EachRow|JSONLines|NDJSON)/i.test(format)) return 'application/x-ndjson; charset=UTF-8';
  if (/^JSON/i.test(format)) return 'application/json; charset=UTF-8';
  if (/^CSV/i.test(format)) return 'text/csv; charset=UTF-8';
  if (/^(TSV|TabSeparated)/i.test(format)) return 'text/tab-separated-values; charset=UTF-8';
  if (/Binary|Native|Parquet|Arrow|ORC|Avro|MsgPack|RawBLOB/i.test(format)) return 'application/octet-stream';
  return 'text/plain; charset=UTF-8';
}

/** The fastest level: the peer is near, and the processor is shared with the engine. */
function encoderFor(request: QueryRequest): Transform | undefined {
  switch (request.responseEncoding) {
    case 'gzip':
      return createGzip({ level: 1 });
    case 'deflate':
      return createDeflate({ level: 1 });
    case 'zstd':
      return createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    case 'br':
      return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    default:
      return undefined;
  }
}
