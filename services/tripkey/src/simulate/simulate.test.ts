import { KeyRecord, RequestEvent } from '@tripkey/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { attackKinds } from './attacks/kinds.ts';
import { dayMs, hourMs } from './calendar/durations.ts';
import type { SimulationOptions } from './options.ts';
import { simulate } from './simulate.ts';

const start = '2026-02-02T00:00:00.000Z';
const small: SimulationOptions = { seed: 5, start, days: 9, keys: 30, eventsPerKeyDay: 60 };

const someOptions: fc.Arbitrary<SimulationOptions> = fc.record({
  seed: fc.nat(),
  start: fc.constantFrom(start, '2026-03-27T12:00:00.000Z', '2025-12-20T00:00:00.000Z'),
  days: fc.integer({ min: 2, max: 10 }),
  keys: fc.integer({ min: 1, max: 40 }),
  attacks: fc.oneof(
    fc.constant('none' as const),
    fc.constant('default' as const),
    fc.subarray([...attackKinds], { minLength: 1 }),
  ),
  eventsPerKeyDay: fc.constantFrom(5, 40),
  disturbances: fc.boolean(),
});

/** A property over whole simulations; few runs, each of them checks thousands of events. */
function ofSimulations(check: (options: SimulationOptions) => void): void {
  fc.assert(fc.property(someOptions, check), { numRuns: 12 });
}

describe('laws', () => {
  test('equal options give equal bytes, however often the events are read', () => {
    const text = (simulation = simulate(small)) =>
      JSON.stringify([simulation.keys, simulation.labels, ...simulation.events()]);
    const simulation = simulate(small);
    const first = text(simulation);
    expect(text(simulation)).toBe(first);
    expect(text()).toBe(first);
    expect(text(simulate({ ...small, seed: 6 }))).not.toBe(first);
  });

  test('every event satisfies the contract, belongs to a known key and happened in the simulated time', () => {
    ofSimulations((options) => {
      const { keys, arrivals } = simulate(options);
      const from = Date.parse(options.start);
      const known = new Map(keys.map((key) => [key.key_id, key]));
      for (const { event } of arrivals()) {
        RequestEvent.parse(event);
        const at = Date.parse(String(event.ts));
        expect(at).toBeGreaterThanOrEqual(from);
        expect(at).toBeLessThan(from + options.days * dayMs);
        expect(known.get(event.key_id)?.account_id).toBe(event.account_id);
      }
    });
  });

  test('events come in the order of their arrival and never before they happened', () => {
    ofSimulations((options) => {
      let before = 0;
      for (const { atMs, event } of simulate(options).arrivals()) {
        expect(atMs).toBeGreaterThanOrEqual(before);
        expect(atMs).toBeGreaterThanOrEqual(Date.parse(String(event.ts)));
        before = atMs;
      }
    });
  });

  test('there are as many keys as asked for, each a valid record of its own', () => {
    ofSimulations((options) => {
      const { keys, labels } = simulate(options);
      for (const key of keys) expect(KeyRecord.parse(key)).toEqual(key);
      expect(new Set(keys.map((key) => key.key_id)).size).toBe(options.keys);
      expect(labels.keys).toBe(options.keys);
    });
  });

  test('labels lie within the simulated time, attacks after the day they may begin', () => {
    ofSimulations((options) => {
      const { labels } = simulate(options);
      const end = Date.parse(options.start) + options.days * dayMs;
      for (const { start: from, end: to } of labels.incidents) {
        expect(Date.parse(from)).toBeGreaterThanOrEqual(Date.parse(labels.attack_from));
        expect(Date.parse(to)).toBeGreaterThanOrEqual(Date.parse(from));
        expect(Date.parse(to)).toBeLessThanOrEqual(end);
      }
      for (const { start: from } of labels.benign) expect(Date.parse(from)).toBeLessThan(end);
    });
  });

  test('every attack asked for is either in the labels or named as skipped; none asked for, none there', () => {
    ofSimulations((options) => {
      const { incidents, skipped } = simulate(options).labels;
      const asked = options.attacks === 'none' ? 0 : (options.attacks?.length ?? 0);
      if (options.attacks === 'default') expect(incidents.length + skipped.length).toBe(attackKinds.length);
      else expect(incidents.length + skipped.length).toBe(asked);
    });
  });
});

test('the traffic has the size that was asked for, about', () => {
  const options = { ...small, keys: 80, eventsPerKeyDay: 50, days: 7, attacks: 'none' as const };
  const events = [...simulate(options).events()].length;
  expect(events / (80 * 7 * 50)).toBeGreaterThan(0.6);
  expect(events / (80 * 7 * 50)).toBeLessThan(1.6);
});

test('gateways repeat a few events and deliver a few late', () => {
  const seen = new Set<string>();
  let repeated = 0;
  let late = 0;
  let all = 0;
  for (const { atMs, event } of simulate({ ...small, eventsPerKeyDay: 120 }).arrivals()) {
    all++;
    if (seen.has(event.event_id!)) repeated++;
    else if (atMs - Date.parse(String(event.ts)) > 30_000) late++;
    seen.add(event.event_id!);
  }
  expect(repeated).toBeGreaterThan(0);
  expect(repeated).toBeLessThan(all * 0.005);
  expect(late).toBeGreaterThan(0);
  expect(late).toBeLessThan(all * 0.05);
});

test('a web form gets its leads as independent visitors send them', () => {
  const { keys, events } = simulate({
    ...small,
    days: 14,
    eventsPerKeyDay: 400,
    attacks: 'none',
    disturbances: false,
  });
  const form = keys.find((key) => key.name?.startsWith('web-form') && key.status === 'active')!;
  const counts = new Map<number, number>();
  for (const event of events()) {
    if (event.key_id !== form.key_id) continue;
    const slot = Math.floor(Date.parse(String(event.ts)) / (hourMs / 6));
    counts.set(slot, (counts.get(slot) ?? 0) + 1);
  }
  // Neighbouring ten minutes have nearly the same rate, so of Poisson counts the mean squared difference is twice the mean.
  let differences = 0;
  let sum = 0;
  for (const [slot, count] of counts) {
    if (slot % 2 === 1) continue;
    const next = counts.get(slot + 1) ?? 0;
    differences += (count - next) ** 2;
    sum += count + next;
  }
  expect(sum).toBeGreaterThan(500);
  expect(differences / sum).toBeGreaterThan(0.75);
  expect(differences / sum).toBeLessThan(1.3);
});

test.each([
  ['a start that is no time', { start: 'yesterday' }],
  ['no day', { days: 0 }],
  ['half a key', { keys: 1.5 }],
  ['a seed that is not whole', { seed: 0.5 }],
  ['attacks without room', { attackFromDay: 9 }],
  ['an attack that nobody knows', { attacks: ['tickling' as never] }],
])('%s is refused with a sentence', (_, wrong) => {
  expect(() => simulate({ ...small, ...wrong })).toThrow(UsageError);
});
