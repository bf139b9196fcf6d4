import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { Problem } from './problem.ts';

const unpackers = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) } as const;

/**
 * The body of a request, unpacked. Both what is sent and what it unpacks to are bounded.
 * @throws {Problem} 413 with the bound, 415 for an encoding that is not taken, 400 when it cannot be unpacked
 */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && !(encoding in unpackers)) {
    throw new Problem(
      415,
      'Unsupported encoding',
      'send the body plain, or with Content-Encoding gzip or zstd',
      {
        headers: { 'Accept-Encoding': 'gzip, zstd' },
      },
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const packed = await readAll(request, bytesMax);
  if (encoding === 'identity') return packed;
  try {
    return await unpackers[encoding as keyof typeof unpackers](packed, { maxOutputLength: bytesMax });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(bytesMax);
    throw new Problem(400, 'Broken body', `the body is not valid ${encoding}`);
  }
}

/** Not by iteration: leaving a loop over a request early would close the connection before the answer. */
function readAll(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) {
        chunks.push(chunk);
        return;
      }
      request.off('data', onData);
      request.pause();
      reject(tooLarge(bytesMax));
    };
    request.on('data', onData);
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)));
    request.once('error', reject);
    request.once('close', () => reject(new Problem(400, 'Broken body', 'the body ended early')));
  });
}

function tooLarge(bytesMax: number): Problem {
  return new Problem(413, 'Body too large', `a body may have ${bytesMax} bytes, unpacked; send several`, {
    more: { bytes_max: bytesMax },
    // The rest of the body is not read, so the connection cannot be used again.
    headers: { Connection: 'close' },
  });
}
