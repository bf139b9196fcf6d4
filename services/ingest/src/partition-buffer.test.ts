import { expect, test } from 'vitest';
import { PartitionBuffer } from './partition-buffer.ts';

const limits = { rowsMax: 3, bytesMax: 1_000, ageMsMax: 100 };
const aBuffer = (changes = {}) => new PartitionBuffer<string>({ ...limits, ...changes }, (row) => row.length);
const taken = (...rows: string[]) => ({ rows, deadLetters: [] });

test('a full batch is cut after the record that fills it, never inside one', () => {
  const buffer = aBuffer();
  buffer.add(5n, taken('a', 'b'), 1, 0);
  expect(buffer.next).toBeUndefined();
  buffer.add(6n, taken('c', 'd'), 2, 0);
  expect(buffer.next).toMatchObject({ from: 5n, to: 7n, rows: ['a', 'b', 'c', 'd'], arrivedAtMs: 1 });
});

test('a batch is cut by bytes too', () => {
  const buffer = aBuffer({ bytesMax: 10 });
  buffer.add(0n, taken('0123456789'), 1, 0);
  expect(buffer.next?.to).toBe(1n);
});

test('a batch is cut when its first record has waited long enough', () => {
  const buffer = aBuffer();
  buffer.add(0n, taken('a'), 1_000, 0);
  buffer.cutIfDue(1_099);
  expect(buffer.next).toBeUndefined();
  buffer.cutIfDue(1_100);
  expect(buffer.next?.rows).toEqual(['a']);
});

test('a record without any row still moves the offset on', () => {
  const buffer = aBuffer();
  buffer.add(9n, taken(), 1, 0);
  buffer.cut();
  expect(buffer.next).toMatchObject({ from: 9n, to: 10n, rows: [] });
});

test('what is not stored is counted until it is', () => {
  const buffer = aBuffer();
  buffer.add(0n, taken('abc'), 7, 0);
  buffer.cut();
  buffer.add(1n, taken('de'), 9, 0);
  expect([buffer.bytes, buffer.waiting, buffer.unstoredSinceMs]).toEqual([5, 1, 7]);
  buffer.stored();
  expect([buffer.bytes, buffer.waiting, buffer.unstoredSinceMs]).toEqual([2, 0, 9]);
});

test('arrivals never fall, also when the clock does', () => {
  const buffer = aBuffer();
  expect([buffer.arrival(10), buffer.arrival(5), buffer.arrival(11)]).toEqual([10, 10, 11]);
});

test('all records of a batch arrive when its first one did', () => {
  const buffer = aBuffer();
  buffer.add(0n, taken('a'), buffer.arrival(10), 0);
  expect(buffer.arrival(50)).toBe(10);
  buffer.cut();
  expect(buffer.arrival(60)).toBe(60);
});

test('a batch that is formed again ends where it ended before, whatever limits and age say', () => {
  const buffer = aBuffer();
  buffer.formAgain(5n, 1_000);
  expect([buffer.formingAgain, buffer.unstoredSinceMs]).toEqual([true, 1_000]);
  for (let offset = 0n; offset < 5n; offset++) {
    buffer.cutIfDue(9_999);
    buffer.cut();
    expect(buffer.next).toBeUndefined();
    buffer.add(offset, taken('a', 'b'), buffer.arrival(5_000), 0);
  }
  expect(buffer.next).toMatchObject({ from: 0n, to: 5n, arrivedAtMs: 1_000 });
  expect(buffer.next?.rows).toHaveLength(10);
  expect([buffer.formingAgain, buffer.arrival(5_000)]).toEqual([false, 5_000]);
});

test('a batch that is formed again ends early when its last records are gone', () => {
  const buffer = aBuffer();
  buffer.formAgain(5n, 1_000);
  buffer.add(2n, taken('a'), 1_000, 0);
  buffer.expect(7n);
  expect(buffer.next).toMatchObject({ from: 2n, to: 3n });
  expect(buffer.formingAgain).toBe(false);
});
