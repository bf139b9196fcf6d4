import { aFinding } from '@tripkey/contract/testing';
import { expect, test, vi } from 'vitest';
import { verifyAudit } from './audit/verify-audit.ts';
import { AlerterWorld } from './testing/alerter-world.ts';

test('a write under way while partitions are given out anew is in the log before it is read, and on record', async () => {
  const world = new AlerterWorld();
  const { promise: answer, resolve } = Promise.withResolvers<void>();
  const append = world.incidentLog.append.bind(world.incidentLog);
  const slow = vi.fn(async (events: Parameters<typeof append>[0]) => {
    if (slow.mock.calls.length === 1) await answer;
    await append(events);
  });
  world.incidentLog.append = slow;
  const load = vi.spyOn(world.incidentLog, 'load');
  const first = world.start();
  await world.find(aFinding({ detected_at: new Date(world.clock.now()).toISOString() }));
  await world.drive(() => slow.mock.calls.length === 1);
  const other = world.start();
  await world.drive(() => load.mock.calls.length === 2);
  await world.clock.advance(5_000);
  // The other one has read the log; the first, which is given its partition anew, waits.
  expect(load).toHaveBeenCalledTimes(2);
  resolve();
  await world.drive(() => world.channel.parents[0]?.text.includes('Resolved') === true);
  await other.stop();
  await first.stop();
  expect(verifyAudit(await world.auditLog.lines(), world.incidentLog.events()).faults).toEqual([]);
  expect(world.channel.parents).toHaveLength(1);
});
