import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hourMs, minuteMs, monday } from '../testing/made-traffic.ts';
import { RecentMinutes } from './recent-minutes.ts';
import { noTraffic } from './traffic.ts';

const requests = (count: number) => ({ ...noTraffic(), requests: count, bytesOut: 10 * count });

test('a window begins with its first minute and ends before its last', () => {
  const recent = new RecentMinutes();
  for (let i = 0; i < 4; i++) recent.add(monday + i * minuteMs, requests(10 ** i), monday);
  expect(recent.sum(monday + minuteMs, monday + 3 * minuteMs)).toMatchObject({
    requests: 110,
    bytesOut: 1_100,
  });
});

test('what came for one minute in several ticks is one sum', () => {
  const counts = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 1_000 })));
  fc.assert(
    fc.property(counts, fc.integer({ min: 0, max: 30 }), (arrivals, cut) => {
      const recent = new RecentMinutes();
      for (const [minute, count] of arrivals) recent.add(monday + minute * minuteMs, requests(count), monday);
      const all = arrivals.reduce((sum, [, count]) => sum + count, 0);
      const middle = monday + cut * minuteMs;
      expect(recent.requests(monday, middle) + recent.requests(middle, monday + hourMs)).toBe(all);
      expect(recent.sum(monday, middle).requests).toBe(recent.requests(monday, middle));
    }),
  );
});

test('a minute older than what is kept is refused', () => {
  const recent = new RecentMinutes();
  const now = monday + 10 * hourMs;
  expect(recent.add(now - RecentMinutes.spanMs, requests(1), now)).toBe(true);
  expect(recent.add(now - RecentMinutes.spanMs - minuteMs, requests(1), now)).toBe(false);
});

test('what is forgotten is gone, and what is kept survives being saved', () => {
  const recent = new RecentMinutes();
  recent.add(monday, requests(1), monday);
  recent.add(monday + hourMs, requests(2), monday);
  recent.forgetBefore(monday + hourMs);
  const restored = RecentMinutes.fromJSON(JSON.parse(JSON.stringify(recent)));
  expect(restored.requests(monday, monday + 2 * hourMs)).toBe(2);
});

test('what earlier releases saved, minutes as pairs in any order, is taken over', () => {
  const restored = RecentMinutes.fromJSON([
    [monday + minuteMs, requests(2)],
    [monday, requests(1)],
  ]);
  expect(restored.sum(monday, monday + minuteMs)).toEqual(requests(1));
  expect(restored.sum(monday, monday + hourMs)).toEqual(requests(3));
});

test('adding to a restored minute leaves what was saved alone', () => {
  const recent = new RecentMinutes();
  const traffic = requests(1);
  recent.add(monday, traffic, monday);
  recent.add(monday, requests(5), monday);
  expect(traffic.requests).toBe(1);
});
