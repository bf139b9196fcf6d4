import { expect, test } from 'vitest';
import { PartitionBuffer } from './partition-buffer.ts';

const limits = { rowsMax: 3, bytesMax: 1_000, ageMsMax: 100 };

/** Rows that are words, as large as they are long. */
class Words {
  readonly list: string[] = [];
  get rows() {
    return this.list.length;
  }
  get bytes() {
    return this.list.join('').length;
  }
}
const aBuffer = (changes = {}) => new PartitionBuffer({ ...limits, ...changes }, () => new Words());

/** Takes a record in that gives these rows. */
function add(buffer: PartitionBuffer<Words>, offset: bigint, rows: string[], arrivedAtMs: number): void {
  buffer.rowsFor(offset, arrivedAtMs, 0).list.push(...rows);
  buffer.add(offset, [], 0);
}

test('a full batch is cut after the record that fills it, never inside one', () => {
  const buffer = aBuffer();
  add(buffer, 5n, ['a', 'b'], 1);
  expect(buffer.next).toBeUndefined();
  add(buffer, 6n, ['c', 'd'], 2);
  expect(buffer.next).toMatchObject({
    from: 5n,
    to: 7n,
    rows: { list: ['a', 'b', 'c', 'd'] },
    arrivedAtMs: 1,
  });
});

test('a batch is cut by bytes too', () => {
  const buffer = aBuffer({ bytesMax: 10 });
  add(buffer, 0n, ['0123456789'], 1);
  expect(buffer.next?.to).toBe(1n);
});

test('a batch is cut when its first record has waited long enough', () => {
  const buffer = aBuffer();
  add(buffer, 0n, ['a'], 1_000);
  buffer.cutIfDue(1_099);
  expect(buffer.next).toBeUndefined();
  buffer.cutIfDue(1_100);
  expect(buffer.next?.rows.list).toEqual(['a']);
});

test('behind a backlog a batch may wait longer, within bounds', () => {
  for (const [lateMs, waitMs] of [
    [900, 100],
    [20_000, 2_000],
    [3_600_000, 5_000],
  ] as const) {
    const buffer = aBuffer();
    const arrivedAtMs = 10_000_000;
    buffer.rowsFor(0n, arrivedAtMs, arrivedAtMs - lateMs);
    buffer.add(0n, [], arrivedAtMs + waitMs);
    buffer.cutIfDue(arrivedAtMs + waitMs - 1);
    expect(buffer.next).toBeUndefined();
    buffer.cutIfDue(arrivedAtMs + waitMs);
    expect(buffer.next?.to).toBe(1n);
  }
});

test('a batch does not wait for more when records have stopped to come', () => {
  const buffer = aBuffer();
  buffer.rowsFor(0n, 10_000_000, 1);
  buffer.add(0n, [], 10_000_040);
  buffer.cutIfDue(10_000_089);
  expect(buffer.next).toBeUndefined();
  buffer.cutIfDue(10_000_100);
  expect(buffer.next?.to).toBe(1n);
});

test('a record without any row still moves the offset on', () => {
  const buffer = aBuffer();
  add(buffer, 9n, [], 1);
  buffer.cut();
  expect(buffer.next).toMatchObject({ from: 9n, to: 10n, rows: { rows: 0 } });
});

test('what is not stored is counted until it is', () => {
  const buffer = aBuffer();
  add(buffer, 0n, ['abc'], 7);
  buffer.cut();
  add(buffer, 1n, ['de'], 9);
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
  add(buffer, 0n, ['a'], buffer.arrival(10));
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
    add(buffer, offset, ['a', 'b'], buffer.arrival(5_000));
  }
  expect(buffer.next).toMatchObject({ from: 0n, to: 5n, arrivedAtMs: 1_000 });
  expect(buffer.next?.rows.list).toHaveLength(10);
  expect([buffer.formingAgain, buffer.arrival(5_000)]).toEqual([false, 5_000]);
});

test('a batch that is formed again ends early when its last records are gone', () => {
  const buffer = aBuffer();
  buffer.formAgain(5n, 1_000);
  add(buffer, 2n, ['a'], 1_000);
  buffer.expect(7n);
  expect(buffer.next).toMatchObject({ from: 2n, to: 3n });
  expect(buffer.formingAgain).toBe(false);
});
