import { expect, test, vi } from 'vitest';
import { SharedAnswer } from './shared-answer.ts';

test('who asks within the time shares one calculation, also while it goes on', async () => {
  const calculate = vi.fn(async (at: number) => `counted at ${at}`);
  const shared = new SharedAnswer(calculate, 60_000);
  const first = { asOf: 1_000, answer: 'counted at 1000' };
  expect(await Promise.all([shared.read(1_000), shared.read(1_001)])).toEqual([first, first]);
  expect(await shared.read(60_999)).toEqual(first);
  expect(await shared.read(61_000)).toEqual({ asOf: 61_000, answer: 'counted at 61000' });
  expect(calculate).toHaveBeenCalledTimes(2);
});

test('a calculation that failed is told to all who waited, and tried again by the next', async () => {
  let fails = true;
  const shared = new SharedAnswer(async () => {
    if (fails) throw new Error('away');
    return 7;
  }, 60_000);
  const both = await Promise.allSettled([shared.read(1_000), shared.read(1_000)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await shared.read(1_001)).toEqual({ asOf: 1_001, answer: 7 });
});
