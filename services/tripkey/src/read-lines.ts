import { createReadStream, existsSync, statSync } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { UsageError } from './usage-error.ts';

export interface LineSource {
  /** Without their ends, in UTF-8. */
  readonly lines: AsyncIterable<Uint8Array>;
  /** Size of the file in bytes; 0 for standard input. */
  readonly bytesTotal: number;
  /** Bytes of the file read so far (before decompression). */
  bytesRead(): number;
}

/** What is read and unpacked at once; the default of 16 KB makes a file of gigabytes a million small steps. */
const chunkBytes = 1 << 20;

/**
 * Lines of a file, of a .gz or .zst file, or of standard input (`-`).
 * @throws {UsageError} when there is no such file.
 */
export function readLines(path: string): LineSource {
  if (path !== '-' && !existsSync(path)) throw new UsageError(`there is no file ${path}`);
  const input = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: chunkBytes });
  let read = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      read += chunk.length;
      done(null, chunk);
    },
  });
  input.on('error', (error) => counted.destroy(error));
  const raw = input.pipe(counted);
  const unpack = path.endsWith('.zst')
    ? createZstdDecompress({ chunkSize: chunkBytes })
    : path.endsWith('.gz')
      ? createGunzip({ chunkSize: chunkBytes })
      : null;
  if (unpack) raw.on('error', (error) => unpack.destroy(error));
  const text = unpack ? raw.pipe(unpack) : raw;
  return {
    lines: splitLines(text),
    bytesTotal: path === '-' ? 0 : statSync(path).size,
    bytesRead: () => read,
  };
}

const [newline, carriageReturn] = [10, 13];

/** Nothing is read before the first line is asked for. */
async function* splitLines(bytes: Readable): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    const whole = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let end = whole.indexOf(newline); end >= 0; end = whole.indexOf(newline, from)) {
      yield whole.subarray(from, whole[end - 1] === carriageReturn && end > from ? end - 1 : end);
      from = end + 1;
    }
    rest = whole.subarray(from);
  }
  if (rest.length > 0) yield rest;
}
