import { createReadStream, existsSync, statSync } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { UsageError } from './usage-error.ts';

export interface LineSource {
  readonly lines: AsyncIterable<string>;
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

/** Lines without their ends; nothing is read before the first is asked for. */
async function* splitLines(text: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
