import type { Store } from '@tripkey/store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Backlog, planStretches } from './plan-stretches.ts';

const tickMs = 5_000;

/** A store in which so many requests arrived in each tick. */
function arrivals(perTick: readonly number[]): Store {
  const ask = async (_: unknown, { from, to }: { from: number; to: number }) =>
    perTick
      .slice(from / tickMs, to / tickMs)
      .flatMap((requests, tick) => (requests > 0 ? [{ tick, requests }] : []));
  return { ask } as unknown as Store;
}

async function planAll(perTick: readonly number[], limits: Pick<Backlog, 'stretchMsMax' | 'rowsMax'>) {
  const stretches: [from: number, to: number][] = [];
  const to = perTick.length * tickMs;
  for (let from = 0; from < to; ) {
    for (const end of await planStretches(arrivals(perTick), { from, to, tickMs, ...limits })) {
      stretches.push([from, end]);
      from = end;
    }
  }
  return stretches;
}

test('stretches follow each other without gap, end on ticks, and hold no more than they may', async () => {
  const perTick = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 200 });
  const limits = fc.record({
    stretchMsMax: fc.integer({ min: 1, max: 20 * tickMs }),
    rowsMax: fc.integer({ min: 1, max: 60 }),
  });
  await fc.assert(
    fc.asyncProperty(perTick, limits, async (requests, { stretchMsMax, rowsMax }) => {
      const stretches = await planAll(requests, { stretchMsMax, rowsMax });
      expect(stretches.at(-1)?.[1]).toBe(requests.length * tickMs);
      for (const [from, to] of stretches) {
        expect(to).toBeGreaterThan(from);
        expect(to % tickMs).toBe(0);
        expect(to - from).toBeLessThanOrEqual(Math.max(tickMs, stretchMsMax));
        const ticks = requests.slice(from / tickMs, to / tickMs).filter((count) => count > 0);
        const rows = ticks.reduce((sum, count) => sum + count, 0);
        if (ticks.length > 1) expect(rows).toBeLessThanOrEqual(rowsMax);
      }
    }),
  );
});

test('a quiet backlog is read in the longest stretches', async () => {
  const stretches = await planAll(
    Array.from({ length: 24 }, () => 1),
    {
      stretchMsMax: 8 * tickMs,
      rowsMax: 1_000,
    },
  );
  expect(stretches.map(([, to]) => to / tickMs)).toEqual([8, 16, 24]);
});
