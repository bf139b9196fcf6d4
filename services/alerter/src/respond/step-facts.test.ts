import { expect, test, vi } from 'vitest';
import { StepFacts } from './step-facts.ts';

const dayMs = 24 * 3_600_000;

function facts() {
  const automaticStopsSince = vi.fn(async () => [{ keyId: 'key_1', at: null }]);
  const traffic = { activeKeys: vi.fn(async () => 7), frontier: vi.fn(async () => 5) };
  return { automaticStopsSince, traffic, step: new StepFacts({ automaticStopsSince }, traffic, 2 * dayMs) };
}

test('a step asks the store once, however many incidents look', async () => {
  const { automaticStopsSince, traffic, step } = facts();
  for (let incident = 0; incident < 3; incident++) {
    expect(await step.stops()).toEqual([{ keyId: 'key_1', at: null }]);
    expect(await step.activeKeys()).toBe(7);
    expect(await step.frontier()).toBe(5);
  }
  expect(automaticStopsSince.mock.calls).toEqual([[dayMs]]);
  expect(traffic.activeKeys.mock.calls).toEqual([[dayMs]]);
  expect(traffic.frontier).toHaveBeenCalledTimes(1);
});

test('a stop that the step itself approved counts for the next incident of it', async () => {
  const { automaticStopsSince, step } = facts();
  await step.stops();
  automaticStopsSince.mockResolvedValue([]);
  step.stopsChanged();
  expect(await step.stops()).toEqual([]);
});
