import { afterEach, describe, expect, test } from 'vitest';
import { AlerterWorld, type RunningAlerter } from '../testing/alerter-world.ts';

const minuteMs = 60_000;
const running: RunningAlerter[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});
const told = (world: AlerterWorld, what = 'The detector has stopped') =>
  world.channel.parents.filter(({ text }) => text.includes(what));

const judgedAgo = (world: AlerterWorld, ms: number) => ({
  until: world.clock.now() - ms,
  savedAt: world.clock.now() - ms,
});

describe('a detector that stopped', () => {
  test('is noticed by one of several alerters, told once, and its incident ends when it is back', async () => {
    const world = new AlerterWorld();
    world.judged = () => ({ until: start, savedAt: start });
    const start = world.clock.now();
    running.push(world.start(), world.start());
    await world.drive(() => told(world).length > 0);
    expect(world.clock.now() - start).toBeGreaterThanOrEqual(10 * minuteMs);
    expect(world.clock.now() - start).toBeLessThan(11 * minuteMs);
    world.judged = () => judgedAgo(world, 0);
    await world.drive(() => world.incidents()[0]?.state === 'resolved');
    expect(told(world)).toHaveLength(1);
    expect(await world.metrics.text()).toContain('tripkey_detector_behind_seconds 0');
  });

  test('that never ran, is on time, or catches up with much, is no news', async () => {
    const world = new AlerterWorld();
    running.push(world.start());
    await world.clock.advance(30 * minuteMs);
    world.judged = () => judgedAgo(world, 5 * minuteMs);
    await world.clock.advance(2 * minuteMs);
    const start = world.clock.now();
    world.judged = () => ({ until: (world.clock.now() - start) / 10, savedAt: world.clock.now() - minuteMs });
    await world.clock.advance(20 * minuteMs);
    expect(world.incidents()).toEqual([]);
  });

  test('and starts again and again, without coming any further, is noticed', async () => {
    const world = new AlerterWorld();
    const until = world.clock.now();
    world.judged = () => ({ until, savedAt: world.clock.now() - 5_000 });
    running.push(world.start());
    await world.drive(() => told(world).length > 0);
    expect(world.clock.now() - until).toBeGreaterThanOrEqual(10 * minuteMs);
    expect(world.clock.now() - until).toBeLessThan(11 * minuteMs);
  });
});

test('a detector that waits for ingest is not blamed: ingest is, and its incident ends when it goes on', async () => {
  const world = new AlerterWorld();
  const start = world.clock.now();
  world.storedUntil = () => start;
  world.judged = () => ({ until: start - 10_000, savedAt: start });
  running.push(world.start());
  await world.drive(() => told(world, 'Ingest stands still').length > 0);
  await world.clock.advance(20 * minuteMs);
  expect(told(world)).toEqual([]);
  expect(world.incidents().map(({ subject }) => subject.id)).toEqual(['ingest']);
  world.storedUntil = () => world.clock.now();
  world.judged = () => judgedAgo(world, 0);
  await world.drive(() => world.incidents()[0]?.state === 'resolved');
});

test('after a pause of everything there are two minutes in which it may begin again', async () => {
  const world = new AlerterWorld();
  const before = world.clock.now() - 24 * 60 * minuteMs;
  world.storedUntil = () => before;
  world.judged = () => ({ until: before, savedAt: before });
  running.push(world.start());
  await world.clock.advance(minuteMs);
  expect(world.incidents()).toEqual([]);
  await world.drive(() => told(world, 'Ingest stands still').length > 0, 5);
});
