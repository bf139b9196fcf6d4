import { afterEach, describe, expect, test } from 'vitest';
import { AlerterWorld, type RunningAlerter } from '../testing/alerter-world.ts';

const minuteMs = 60_000;
const running: RunningAlerter[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});
const told = (world: AlerterWorld) =>
  world.channel.parents.filter(({ text }) => text.includes('The detector has stopped'));

describe('a detector that stopped', () => {
  test('is noticed by one of several alerters, told once, and its incident ends when it is back', async () => {
    const world = new AlerterWorld();
    world.judgedUntil = () => start;
    const start = world.clock.now();
    running.push(world.start(), world.start());
    await world.drive(() => told(world).length > 0);
    expect(world.clock.now() - start).toBeGreaterThanOrEqual(10 * minuteMs);
    expect(world.clock.now() - start).toBeLessThan(11 * minuteMs);
    world.judgedUntil = () => world.clock.now();
    await world.drive(() => world.incidents()[0]?.state === 'resolved');
    expect(told(world)).toHaveLength(1);
    expect(await world.metrics.text()).toContain('tripkey_detector_behind_seconds 0');
  });

  test('that never ran, or is on time, is no news', async () => {
    const world = new AlerterWorld();
    running.push(world.start());
    await world.clock.advance(30 * minuteMs);
    world.judgedUntil = () => world.clock.now() - 5 * minuteMs;
    await world.clock.advance(2 * minuteMs);
    expect(world.incidents()).toEqual([]);
  });
});
