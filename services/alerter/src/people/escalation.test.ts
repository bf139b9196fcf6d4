import type { Finding } from '@tripkey/contract';
import { aFinding } from '@tripkey/contract/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { currentOperation } from '../incident/incident.ts';
import { AlerterWorld, type RunningAlerter } from '../testing/alerter-world.ts';
import { Silence } from './silence.ts';

const minuteMs = 60_000;
let running: RunningAlerter | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** A volume spike that is detected now. */
const spikeIn = (world: AlerterWorld, changes: Partial<Finding> = {}) =>
  aFinding({ detected_at: new Date(world.clock.now()).toISOString(), ...changes });
const operationOf = (world: AlerterWorld) => {
  const [incident] = world.incidents();
  return incident ? currentOperation(incident) : null;
};

describe('what waits for people', () => {
  const tell = (world: AlerterWorld, what: string) => () =>
    world.channel.replies.some((reply) => reply.includes(what));

  test('is said again when nobody acknowledges it', async () => {
    const world = new AlerterWorld();
    world.policy = {};
    running = world.start({ quietMs: 60 * minuteMs });
    await world.find(spikeIn(world, { severity: 'critical' }));
    await world.drive(tell(world, 'Escalated: nobody has acknowledged it for 15 min.'));
    expect(world.channel.replies).toHaveLength(1);
  });

  test('is said again after a silence too, as long after its message as otherwise', async () => {
    const world = new AlerterWorld();
    world.policy = {};
    const now = world.clock.now();
    const silence = { silence_id: 'silence-1', by: 'alice', reason: 'deploy', key_id: 'key_forms_1' };
    const times = { created_at: now - 1, until: now + 20 * minuteMs };
    await world.silences.put(Silence.parse({ ...silence, ...times }));
    running = world.start({ quietMs: 90 * minuteMs });
    await world.find(spikeIn(world, { severity: 'critical' }));
    await world.drive(() => world.channel.parents.length === 1);
    const toldAt = world.clock.now();
    expect(world.incidents()[0]).toMatchObject({ silencedBy: 'silence-1', escalatedAt: null });
    await world.drive(tell(world, 'Escalated: nobody has acknowledged it for 15 min.'));
    expect(world.clock.now()).toBeGreaterThanOrEqual(toldAt + 15 * minuteMs);
  });

  test('is not said again while a silence that came later hides it', async () => {
    const world = new AlerterWorld();
    world.policy = {};
    running = world.start({ quietMs: 90 * minuteMs });
    await world.find(spikeIn(world, { severity: 'critical' }));
    await world.drive(() => world.channel.parents.length === 1);
    const now = world.clock.now();
    const silence = { silence_id: 'silence-1', by: 'alice', reason: 'deploy', key_id: 'key_forms_1' };
    await world.silences.put(Silence.parse({ ...silence, created_at: now, until: now + 25 * minuteMs }));
    await world.drive(tell(world, 'Escalated'));
    expect(world.clock.now()).toBeGreaterThanOrEqual(now + 25 * minuteMs);
  });

  test('that the policy may not begin any more when its time is over is not done', async () => {
    const world = new AlerterWorld();
    world.policy = { rules: [{ mode: 'act' }], graceMs: 5 * minuteMs };
    running = world.start({ quietMs: 90 * minuteMs });
    await world.find(spikeIn(world));
    await world.drive(() => operationOf(world)?.state === 'approved');
    await running.stop();
    await world.clock.advance(40 * minuteMs);
    running = world.start({ quietMs: 90 * minuteMs });
    await world.drive(tell(world, 'Not done: the approval expired after 30 min.'));
    expect(world.issuer.calls).toBe(0);
  });

  test('is not done once somebody has turned the kill switch', async () => {
    const world = new AlerterWorld();
    world.policy = { rules: [{ mode: 'act' }], graceMs: minuteMs };
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(() => operationOf(world)?.state === 'approved');
    await world.killSwitch.turn({ isOn: true, by: 'cli:alice', reason: 'a drill', at: world.clock.now() });
    await world.drive(tell(world, 'Not done: the kill switch is on, by cli:alice.'));
    expect(world.issuer.calls).toBe(0);
  });
});
