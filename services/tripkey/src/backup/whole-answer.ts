import { Transform } from 'node:stream';

/** More than the longest message that ClickHouse writes into an answer, with its frame. */
const tailBytesMax = 65_536;
/** How servers older than 25.11 end an answer that broke off: they announce no tag. */
const untagged = /Code: \d+\. DB::Exception: [\s\S]*\(version [^()]+(\([^()]*\))?\)\s*$/;

/**
 * Passes the bytes of an answer on, and fails in the end when ClickHouse broke it off: what went wrong then stands where
 * rows should be, and the answer ends like any other.
 * @param tag the answer's `X-ClickHouse-Exception-Tag`; undefined: it has none
 * @throws what ClickHouse said, when the stream ends
 */
export function wholeAnswer(tag: string | undefined): Transform {
  let tail = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      tail = Buffer.concat([tail, chunk.subarray(-tailBytesMax)]).subarray(-tailBytesMax);
      done(null, chunk);
    },
    flush(done) {
      const fault = faultIn(tail.toString('latin1'), tag);
      done(fault === null ? null : new Error(`ClickHouse broke its answer off: ${fault}`));
    },
  });
}

function faultIn(tail: string, tag: string | undefined): string | null {
  if (tag === undefined) return untagged.exec(tail)?.[0].trim() ?? null;
  if (!tail.trimEnd().endsWith(`${tag}\r\n__exception__`)) return null;
  const begin = `__exception__\r\n${tag}\r\n`;
  const message = tail.slice(tail.lastIndexOf(begin) + begin.length);
  return message.slice(0, message.lastIndexOf('\n', message.lastIndexOf(tag))).trim();
}
