import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hourMs, minuteMs, monday } from '../testing/made-traffic.ts';
import { EndpointMix } from './endpoint-mix.ts';

test('a loop in one burst counts once, a burst after a pause counts again', () => {
  const mix = new EndpointMix();
  mix.enter(monday);
  mix.take('GET /v1/leads', 0, false);
  expect(mix.isTold('GET /v1/leads')).toBe(true);
  mix.enter(monday + 20 * minuteMs);
  expect(mix.isTold('GET /v1/leads')).toBe(true);
  mix.enter(monday + 2 * hourMs);
  expect(mix.isTold('GET /v1/leads')).toBe(false);
  expect(mix.bursts).toBe(2);
});

test('work without a pause is cut into bursts of an hour', () => {
  const mix = new EndpointMix();
  for (let minute = 0; minute < 190; minute++) mix.enter(monday + minute * minuteMs);
  expect(mix.bursts).toBe(4);
});

test('further endpoints add half each, and what speaks for the owner takes nothing away', () => {
  const mix = new EndpointMix();
  mix.enter(monday);
  for (const [i, says] of [0.5, -2, 2, 1].entries()) mix.take(`GET /v1/${i}`, says, false);
  expect(mix.evidence).toBeCloseTo(2 + 1 / 2 + 0.5 / 4, 12);
  expect(mix.strongest(2)).toEqual([
    ['GET /v1/2', 2],
    ['GET /v1/3', 1],
  ]);
  mix.enter(monday + 2 * hourMs);
  expect(mix.evidence).toBe(0);
});

test('half of what a burst said speaks in the next, less with time, and only where that says something itself', () => {
  const mix = new EndpointMix();
  mix.enter(monday);
  mix.take('GET /v1/0', 2, false);
  mix.enter(monday + 6 * hourMs);
  expect(mix.evidence).toBe(0);
  mix.take('GET /v1/1', 1, false);
  expect(mix.evidence).toBeCloseTo(1 + 2 / 4, 12);
  mix.enter(monday + 12 * hourMs);
  mix.take('GET /v1/2', 1, false);
  expect(mix.evidence).toBeCloseTo(1 + 1.5 / 4, 12);
});

test('a habit given up fades and is forgotten', () => {
  const mix = new EndpointMix();
  mix.enter(monday);
  mix.take('GET /v1/once', 0, false);
  for (let burst = 1; burst <= 2_000; burst++) {
    mix.enter(monday + burst * 2 * hourMs);
    mix.take('GET /v1/leads', 0, false);
  }
  expect(mix.weightOf('GET /v1/once')).toBe(0);
  expect(mix.weightSum).toBeLessThanOrEqual(EndpointMix.weightSumMax + 1);
});

const uses = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 0, max: 90 }),
    fc.integer({ min: -10, max: 30 }).map((tenths) => tenths / 10 || 0),
  ),
  { maxLength: 300 },
);

function used(steps: Iterable<[number, number, number]>, mix = new EndpointMix(), from = monday) {
  const told = new Map<string, number>(mix.weights());
  let at = from;
  for (const [endpoint, minutes, says] of steps) {
    at += minutes * minuteMs;
    for (const [changed, change] of mix.enter(at)) told.set(changed, (told.get(changed) ?? 0) + change);
    if (mix.isTold(`${endpoint}`)) continue;
    mix.take(`${endpoint}`, says, says > 1);
    told.set(`${endpoint}`, (told.get(`${endpoint}`) ?? 0) + 1);
  }
  return { mix, told, at };
}

test('saved and loaded it goes on as if nothing had been', () => {
  fc.assert(
    fc.property(uses, uses, (before, after) => {
      const { mix, at } = used(before);
      const loaded = EndpointMix.fromJSON(JSON.parse(JSON.stringify(mix)));
      expect(loaded.toJSON()).toEqual(mix.toJSON());
      expect(loaded.evidence).toBe(mix.evidence);
      expect(used(after, loaded, at).mix.toJSON()).toEqual(used(after, mix, at).mix.toJSON());
    }),
  );
});

test('what it tells of its changes adds up to its weights, to the last bit', () => {
  fc.assert(
    fc.property(fc.array(uses, { minLength: 1, maxLength: 4 }), (parts) => {
      const { mix, told } = used(parts.flat());
      expect(new Map([...told].filter(([, weight]) => weight !== 0))).toEqual(new Map(mix.weights()));
    }),
  );
});
