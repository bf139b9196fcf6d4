import { aFinding } from '@tripkey/contract/testing';
import { expect, test } from 'vitest';
import { AlerterWorld } from './testing/alerter-world.ts';

const dayMs = 86_400_000;
const spikeIn = (world: AlerterWorld, changes: { finding_id?: string } = {}) =>
  aFinding({ detected_at: new Date(world.clock.now()).toISOString(), ...changes });

test('what a detector found days ago and brings now is told, once, and its stop is left to people', async () => {
  const world = new AlerterWorld();
  const old = spikeIn(world);
  await world.clock.advance(3 * dayMs);
  const running = world.start();
  await world.find(old);
  await world.drive(() => world.incidents()[0]?.state === 'resolved');
  expect(world.channel.replies[0]).toMatch(
    /^Proposed, waiting for a person.* what was found is older than a day/,
  );
  await running.stop();
  // So much later it is remembered by the log alone.
  await world.clock.advance(3 * dayMs);
  const again = world.start();
  await world.find(old);
  await world.find(spikeIn(world, { finding_id: 'f'.repeat(32) }));
  await world.drive(() => world.channel.parents.length > 1);
  expect(world.incidents()).toHaveLength(2);
  await again.stop();
});
