import { anEvent } from '@tripkey/contract/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aPipeline } from '../testing/index.ts';
import { Hash, RecentIds } from './recent-ids.ts';
import { askStore, RepeatMarker } from './repeat-marker.ts';

const start = Date.parse('2026-03-02T10:00:00.000Z');
const pipeline = aPipeline();

/** Takes an event in at an offset; returns what its row was marked. */
function take(
  marker: RepeatMarker,
  offset: number,
  event: Parameters<typeof anEvent>[0],
  sent: { partition?: number; atMs?: number; onlyHere?: boolean } = {},
): number {
  const { partition = 0, atMs = start + 60_000, onlyHere = true } = sent;
  const position = { topic: 't', partition, offset: BigInt(offset) };
  const value = Buffer.from(JSON.stringify(anEvent(event)));
  const [row] = pipeline.take(value, position, start + 60_000).rows;
  marker.mark(row!, { partition, offset, atMs, onlyHere });
  return row!.is_repeat;
}

/** A marker that has read since well before the events of the tests. */
function anOldMarker(idsMax?: number): RepeatMarker {
  const marker = new RepeatMarker(idsMax);
  for (const partition of [0, 1]) {
    take(
      marker,
      0,
      { event_id: `first-${partition}`, ts: start - 60_000 },
      { partition, atMs: start - 60_000 },
    );
  }
  return marker;
}

test('an event that comes again counts no more, by whatever partition', () => {
  const marker = anOldMarker();
  expect(take(marker, 1, { event_id: 'a', ts: start })).toBe(0);
  expect(take(marker, 2, { event_id: 'a', ts: start })).toBe(1);
  expect(take(marker, 1, { event_id: 'a', ts: start }, { partition: 1 })).toBe(1);
  expect(take(marker, 3, { event_id: 'b', ts: start })).toBe(0);
});

test('the same id with another time or key is another event: a client may choose the id', () => {
  const marker = anOldMarker();
  expect(take(marker, 1, { event_id: 'a', key_id: 'k', ts: start })).toBe(0);
  expect(take(marker, 2, { event_id: 'a', key_id: 'k', ts: start + 1 })).toBe(0);
  expect(take(marker, 3, { event_id: 'a', key_id: 'l', ts: start })).toBe(0);
});

test('a record that is read again is no repeat of itself', () => {
  const marker = anOldMarker();
  expect(take(marker, 1, { event_id: 'a', ts: start })).toBe(0);
  marker.begin(0, false);
  expect(take(marker, 1, { event_id: 'a', ts: start }, { atMs: start - 10_000 })).toBe(0);
});

test('what may have been there before the partition was read is for the store to say', () => {
  const marker = new RepeatMarker();
  expect(take(marker, 5, { event_id: 'a', ts: start }, { atMs: start + 500 })).toBe(askStore);
  expect(take(marker, 6, { event_id: 'b', ts: start + 3_000 }, { atMs: start + 3_100 })).toBe(0);
  expect(take(marker, 7, { event_id: 'c', ts: start + 100 }, { atMs: start + 3_200 })).toBe(askStore);
});

test('of a partition that is read from its beginning nothing is asked as long as all of it is remembered', () => {
  const marker = new RepeatMarker(8);
  marker.begin(0, true);
  const long = (i: number) => ({ event_id: `e${i}`, ts: start - 1_000_000 + i });
  for (let i = 0; i < 16; i++) expect(take(marker, i, long(i))).toBe(0);
  expect(take(marker, 16, long(3))).toBe(1);
  expect(take(marker, 17, long(17))).toBe(0);
  expect(take(marker, 18, long(18))).toBe(askStore);
});

test('of records without a key the late ones are for the store to say: a copy may have come elsewhere', () => {
  const marker = anOldMarker();
  const unkeyed = { onlyHere: false };
  expect(take(marker, 1, { event_id: 'a', ts: start }, { ...unkeyed, atMs: start + 500 })).toBe(0);
  expect(take(marker, 2, { event_id: 'b', ts: start }, { ...unkeyed, atMs: start + 5_000 })).toBe(askStore);
});

test('no repeat is missed, however little is remembered', () => {
  const sends = fc.array(fc.nat(60), { maxLength: 200 });
  fc.assert(
    fc.property(sends, (numbers) => {
      const marker = new RepeatMarker(8);
      take(marker, 0, { event_id: 'first', ts: start - 60_000 }, { atMs: start - 60_000 });
      const seen = new Set<number>();
      numbers.forEach((number, i) => {
        const event = { event_id: `e${number}`, ts: start + number * 10_000 };
        // As in life: an event is sent when it has happened, or later.
        const marked = take(marker, i + 1, event, { atMs: start + Math.max(number, ...seen) * 10_000 });
        if (seen.has(number)) expect([1, askStore]).toContain(marked);
        else expect([0, askStore]).toContain(marked);
        seen.add(number);
      });
    }),
  );
});

test('memory keeps its bound, and forgets the older half first', () => {
  const recent = new RecentIds(1_024);
  const hash = new Hash();
  const note = (number: number) => recent.note(hash.reset().word(number).end(), 7);
  for (let i = 0; i < 5_000; i++) expect(note(i)).toBe('new');
  expect(recent.generation).toBe(4);
  for (let i = 4_999; i > 4_999 - 1_024; i--) expect(note(i)).toBe('same place');
});

test('hashes of texts that differ in one character or in how they are cut differ', () => {
  const hash = new Hash();
  const text = (...pieces: string[]) => {
    hash.reset();
    for (const piece of pieces) hash.text(piece);
    const { high, low } = hash.end();
    return `${high} ${low}`;
  };
  const seen = new Set<string>();
  for (let i = 0; i < 100_000; i++)
    seen.add(text(`0198c3a1-0000-7000-8000-${i.toString().padStart(12, '0')}`, 'key_1'));
  expect(seen.size).toBe(100_000);
  expect(text('ab', 'c')).not.toBe(text('a', 'bc'));
});
