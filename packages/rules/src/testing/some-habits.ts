import type { HabitFacts } from '../habit-facts.ts';

const at = Date.parse('2026-03-02T10:00:00.000Z');

/** The habits of a key of a month that does what it always does, in a busy hour. */
export function someHabits(changes: Partial<HabitFacts> = {}): HabitFacts {
  const count = { windows: 500, logMean: 1, logDeviation: 0.3 };
  return {
    breadth: {
      endpoints: { ...count, observed: 3, peak: 6 },
      networks: { ...count, observed: 1, peak: 3 },
    },
    quietHour: null,
    decline: { sum: 0, peak: 4, windows: 2_800 },
    trend: { sum: 0, peak: 2, days: 30, closedAt: at - 10 * 3_600_000, requests: 5_000, usual: 5_000 },
    places: null,
    month: { requests: 20_000 },
    birth: null,
    kin: 12,
    fleetErrorShare: 0.005,
    ...changes,
  };
}
