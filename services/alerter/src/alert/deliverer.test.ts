import { aFinding } from '@tripkey/contract/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { AlerterWorld, type RunningAlerter } from '../testing/alerter-world.ts';
import { FakeChannel } from '../testing/fake-channel.ts';

let running: RunningAlerter | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const aSpike = (world: AlerterWorld) => aFinding({ detected_at: new Date(world.clock.now()).toISOString() });

test('an update that an adapter throws at is tried again, and ends nothing', async () => {
  const world = new AlerterWorld();
  const update = vi.spyOn(world.channel, 'update');
  for (let times = 0; times < 3; times++) update.mockRejectedValueOnce(new Error('not an outcome'));
  running = world.start();
  await world.find(aSpike(world));
  await world.drive(() => world.channel.parents[0]?.text.includes('Resolved') === true);
  expect(update.mock.calls.length).toBeGreaterThan(3);
  expect(await world.metrics.text()).toContain(
    'tripkey_notifications_total{destination="fake",method="update",result="thrown"} 3',
  );
});

test('an update that a machine refuses is sent until it is taken: it hears that the incident is over', async () => {
  const world = new AlerterWorld();
  world.policy = {};
  const pager = Object.assign(new FakeChannel(), { isRepeatable: true, tells: () => false });
  const update = vi.spyOn(pager, 'update');
  const pacing = { postsPerSecond: 10, callsPerSecond: 10 };
  running = world.start({ others: [{ notifier: pager, pacing }] });
  await world.find(aSpike(world));
  await world.drive(() => world.incidents()[0]?.response !== null && pager.parents.length === 1);
  for (let times = 0; times < 3; times++)
    update.mockResolvedValueOnce({ kind: 'failed', reason: 'HTTP 403' });
  await world.drive(() => pager.parents[0]?.text.includes('Resolved') === true);
  const calls = update.mock.calls.length;
  await world.clock.advance(20 * 60_000);
  expect(update).toHaveBeenCalledTimes(calls);
});
