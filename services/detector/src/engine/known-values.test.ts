import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs, monday } from '../testing/made-traffic.ts';
import { KnownValues } from './known-values.ts';

/** A key that used some values in an hour, hour after hour. */
function usedHourly(hours: number, valuesOf: (hour: number) => string[]): KnownValues {
  const known = new KnownValues();
  for (let hour = 0; hour < hours; hour++) {
    for (const value of valuesOf(hour)) known.take(value, monday + hour * hourMs, 1, 1, 0);
  }
  return known;
}

test('a value is news for an hour after its first use, then known', () => {
  const known = new KnownValues();
  expect(known.isNews('a', monday)).toBe(true);
  expect(known.take('a', monday, 1, 1, 0)).toBe(true);
  expect(known.take('a', monday + minuteMs, 2, 1, 1)).toBe(false);
  expect(known.news(monday + minuteMs)).toMatchObject([['a', { requests: 3, accepted: 2, denied: 1 }]]);
  expect(known.isNews('a', monday + hourMs - 1)).toBe(true);
  expect(known.isKnown('a', monday + hourMs)).toBe(true);
  expect(known.news(monday + hourMs)).toEqual([]);
});

test('under suspicion a value stays news for two weeks, whenever it is used', () => {
  const known = usedHourly(48, () => ['home']);
  const theft = monday + 48 * hourMs;
  known.take('evil', theft, 1, 1, 0);
  known.suspect('evil', theft);
  const later = theft + 10 * dayMs;
  expect(known.news(later)).toEqual([]);
  known.take('evil', later, 1, 1, 0);
  expect(known.news(later).map(([value]) => value)).toEqual(['evil']);
  expect(known.isKnown('evil', theft + 14 * dayMs)).toBe(true);
  expect(known.isKnown('home', later)).toBe(true);
});

test('news surprises of a settled key, and less of one that shows news all the time', () => {
  const settled = usedHourly(500, () => ['a', 'b']);
  const roaming = usedHourly(500, (hour) => [`address ${hour}`]);
  const young = usedHourly(2, () => ['a']);
  expect(settled.surpriseOfNews()).toBeGreaterThan(2);
  expect(roaming.surpriseOfNews()).toBeLessThan(0.01);
  expect(young.surpriseOfNews()).toBeLessThan(1);
});

test('the hour that is still open says nothing about how often there is news', () => {
  const known = usedHourly(100, () => ['a']);
  const before = known.surpriseOfNews();
  known.take('b', monday + 99 * hourMs + minuteMs, 1, 1, 0);
  expect(known.surpriseOfNews()).toBe(before);
});

test('beyond its bound the value unused longest is forgotten, and counted', () => {
  const known = new KnownValues();
  for (let i = 0; i < KnownValues.valuesMax; i++) known.take(`value ${i}`, monday + i, 1, 1, 0);
  known.take('value 0', monday + dayMs, 1, 1, 0);
  known.take('one more', monday + dayMs, 1, 1, 0);
  expect(known.size).toBe(KnownValues.valuesMax);
  expect(known.forgotten).toBe(1);
  expect([known.get('value 0') !== undefined, known.get('value 1')]).toEqual([true, undefined]);
});

test('saved and restored in the middle, it goes on as if it had not been', () => {
  const use = fc.record({
    value: fc.constantFrom('a', 'b', 'c', 'd'),
    minute: fc.integer({ min: 0, max: 600 }),
    suspect: fc.boolean(),
  });
  const play = (known: KnownValues, uses: { value: string; minute: number; suspect: boolean }[]) =>
    uses.map(({ value, minute, suspect }) => {
      const at = monday + minute * minuteMs;
      const first = known.take(value, at, 1, 1, 0);
      if (suspect) known.suspect(value, at);
      return [first, known.news(at), known.surpriseOfNews()];
    });
  fc.assert(
    fc.property(fc.array(use), fc.array(use), (before, after) => {
      const going = new KnownValues();
      play(going, before);
      const restored = KnownValues.fromJSON(JSON.parse(JSON.stringify(going)));
      expect(play(restored, after)).toEqual(play(going, after));
    }),
  );
});
