import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { wholeAnswer } from './whole-answer.ts';

const rows = Buffer.from('\x02\x01\x01n\x06UInt64\x07\r\n');
const said = 'Code: 241. DB::Exception: Query memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)';
const tag = 'fyvwzrsqyycbrnje';
const frame = `\r\n__exception__\r\n${tag}\r\n${said}\n${said.length + 1} ${tag}\r\n__exception__\r\n`;
const old = `${said} (version 24.8.4.13 (official build))\n`;

/** The bytes in pieces of a size, through the check. */
const read = (bytes: Buffer, size: number, announced?: string) => {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  return buffer(Readable.from(pieces).pipe(wholeAnswer(announced)));
};

test.each([1, 7, 10_000])(
  'an answer that broke off fails with what ClickHouse said, in pieces of %i',
  async (size) => {
    await expect(read(Buffer.concat([rows, Buffer.from(frame)]), size, tag)).rejects.toThrow(
      `ClickHouse broke its answer off: ${said}`,
    );
    await expect(read(Buffer.concat([rows, Buffer.from(old)]), size)).rejects.toThrow(
      'MEMORY_LIMIT_EXCEEDED',
    );
  },
);

test.each([
  ['nothing', Buffer.alloc(0)],
  ['rows', rows],
  ['rows that hold such a message', Buffer.concat([Buffer.from(`${old}${frame}`), rows])],
  ['more rows than are looked at', Buffer.alloc(200_000, 'a')],
])('%s pass unchanged', async (_what, bytes) => {
  expect((await read(bytes, 10_000, tag)).equals(bytes)).toBe(true);
  expect((await read(bytes, 10_000)).equals(bytes)).toBe(true);
});

test('a message in the rows does not end them, when the server announces another tag', async () => {
  const bytes = Buffer.from(frame);
  expect((await read(bytes, 10_000, 'another')).equals(bytes)).toBe(true);
});
