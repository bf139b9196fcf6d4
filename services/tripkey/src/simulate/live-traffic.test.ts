import { expect, test } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { minuteMs } from './calendar/durations.ts';
import { liveTraffic } from './live-traffic.ts';
import { simulate } from './simulate.ts';

const history = {
  seed: 2,
  start: '2026-02-02T00:00:00.000Z',
  days: 14,
  keys: 24,
  eventsPerKeyDay: 50,
  attacks: 'none',
} as const;
const now = Date.parse('2026-02-16T00:00:00.000Z');

test('live traffic goes on where its history ends, with the same keys', () => {
  const live = liveTraffic({ history, days: 0.5 });
  expect(live.keys).toEqual(simulate(history).keys);
  const times = [...live.arrivals()].map(({ atMs }) => atMs);
  expect(times.length).toBeGreaterThan(50);
  expect(times[0]).toBeGreaterThanOrEqual(now);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test('the same live traffic can be played again', () => {
  const events = () => JSON.stringify([...liveTraffic({ history, days: 0.2 }).arrivals()]);
  expect(events()).toBe(events());
});

test('keys go on from the networks, agents and endpoints of their history', () => {
  const habits = new Set<string>();
  const habit = ({ key_id, user_agent }: { key_id: string; user_agent?: string | undefined }) =>
    `${key_id} ${user_agent}`;
  for (const event of simulate({ ...history, disturbances: false }).events()) habits.add(habit(event));
  for (const { event } of liveTraffic({ history: { ...history, disturbances: false }, days: 1 }).arrivals()) {
    expect(habits.has(habit(event))).toBe(true);
  }
});

test('a theft begins when it was asked for and is labelled', () => {
  const { incident, arrivals } = liveTraffic({
    history,
    days: 0.2,
    theft: { kind: 'leak-scrape', afterMs: 5 * minuteMs },
  });
  expect(incident?.start).toBe(new Date(now + 5 * minuteMs).toISOString());
  const made = [...arrivals()].filter(({ event }) => event.ts === incident?.start);
  expect(made.map(({ event }) => event.key_id)).toContain(incident?.key_id);
});

test('a theft that no key is suited for is refused with a sentence', () => {
  const theft = { kind: 'revoked-reuse', afterMs: 0, keyId: 'key_of_nobody' } as const;
  expect(() => liveTraffic({ history, theft })).toThrow(UsageError);
});
