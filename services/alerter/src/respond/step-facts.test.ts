import { expect, test, vi } from 'vitest';
import { StepFacts } from './step-facts.ts';

const dayMs = 24 * 3_600_000;

function facts() {
  const automaticStopsSince = vi.fn(async () => [{ keyId: 'key_1', at: null }]);
  const traffic = { activeKeys: vi.fn(async () => 7), frontier: vi.fn(async () => 5) };
  const oddKeysSince = vi.fn(async () => 3);
  const step = new StepFacts({ automaticStopsSince, oddKeysSince }, traffic, 2 * dayMs, 600_000);
  return { automaticStopsSince, oddKeysSince, traffic, step };
}

test('a step asks the store once, however many incidents look', async () => {
  const { automaticStopsSince, oddKeysSince, traffic, step } = facts();
  for (let incident = 0; incident < 3; incident++) {
    expect(await step.stops()).toEqual([{ keyId: 'key_1', at: null }]);
    expect(await step.activeKeys()).toBe(7);
    expect(await step.frontier()).toBe(5);
    expect(await step.oddKeys()).toBe(3);
  }
  expect(automaticStopsSince.mock.calls).toEqual([[dayMs]]);
  expect(traffic.activeKeys.mock.calls).toEqual([[dayMs]]);
  expect(traffic.frontier).toHaveBeenCalledTimes(1);
  expect(oddKeysSince.mock.calls).toEqual([[2 * dayMs - 600_000]]);
});

test('a stop that the step itself approved counts for the next incident of it', async () => {
  const { automaticStopsSince, step } = facts();
  await step.stops();
  automaticStopsSince.mockResolvedValue([]);
  step.stopsChanged();
  expect(await step.stops()).toEqual([]);
});
