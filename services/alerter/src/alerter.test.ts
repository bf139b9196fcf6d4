import type { Finding } from '@tripkey/contract';
import { aFinding } from '@tripkey/contract/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { currentOperation } from './incident/incident.ts';
import { AlerterWorld, type RunningAlerter } from './testing/alerter-world.ts';

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
const isResolved = (world: AlerterWorld) => () => world.incidents()[0]?.state === 'resolved';
/** Everything that is to be said has been said. */
const isTold = (world: AlerterWorld) => () => {
  const [incident] = world.incidents();
  const parent = world.channel.parents[0];
  return (
    incident?.state === 'resolved' &&
    parent?.text.includes('Resolved') === true &&
    incident.story.every((event) => incident.deliveries.get(`${incident.id}:${event.seq}`)?.state === 'sent')
  );
};

describe('a stolen key', () => {
  test('is told once, stopped once, proven stopped, and its story stands in the thread', async () => {
    const world = new AlerterWorld();
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(isTold(world));
    expect(world.channel.parents).toHaveLength(1);
    expect(world.channel.parents[0]?.text).toMatch(/proven: no request was accepted since.*Resolved/);
    expect(world.channel.replies.map((reply) => reply.split(/[ :]/)[0])).toEqual([
      'Disabling',
      'Key',
      'Stop',
      'Resolved',
    ]);
    expect(world.issuer.done).toHaveLength(1);
    expect(operationOf(world)).toMatchObject({ state: 'traffic_confirmed', attempts: 1 });
  });

  test('is proven only by traffic that came after the propagation time and is stored', async () => {
    const world = new AlerterWorld();
    world.ingestBehindMs = 90_000;
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(() => operationOf(world)?.state === 'state_confirmed');
    const { stoppedAt, propagationMs } = operationOf(world)!;
    world.accepted.push({ keyId: 'key_forms_1', at: stoppedAt! + propagationMs - 1 });
    await world.drive(() => operationOf(world)?.state === 'traffic_confirmed');
    expect(world.clock.now()).toBeGreaterThanOrEqual(
      stoppedAt! + propagationMs + world.ingestBehindMs + 30_000,
    );
  });

  test.each([90_000, 20 * minuteMs])(
    'that is accepted again %i ms later reopens it, critical',
    async (lateMs) => {
      const world = new AlerterWorld();
      running = world.start();
      await world.find(spikeIn(world));
      await world.drive(() => operationOf(world)?.stoppedAt !== null && operationOf(world) !== null);
      const at = operationOf(world)!.stoppedAt! + lateMs;
      await world.drive(() => world.clock.now() > at);
      world.accepted.push({ keyId: 'key_forms_1', at });
      await world.drive(() => world.channel.parents[0]?.text.includes('NOT effective') === true);
      expect(world.incidents()[0]).toMatchObject({ state: 'open', severity: 'critical', closedAt: null });
      expect(world.channel.replies.some((one) => /^Revocation is NOT effective: 1 requests/.test(one))).toBe(
        true,
      );
      expect(world.channel.parents).toHaveLength(1);
    },
  );
});

describe('the policy', () => {
  test('that observes leaves the key alone and says so', async () => {
    const world = new AlerterWorld();
    world.policy = {};
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(isTold(world));
    expect(world.issuer.calls).toBe(0);
    expect(world.channel.parents[0]?.text).toContain('Nothing is done: the policy observes');
  });

  test('that proposes waits for a person', async () => {
    const world = new AlerterWorld();
    world.policy = { rules: [{ mode: 'propose' }] };
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(isTold(world));
    expect(world.issuer.calls).toBe(0);
    expect(world.channel.replies[0]).toContain('Proposed, waiting for a person');
  });

  test('holds back while data are incomplete, and acts when they are there', async () => {
    const world = new AlerterWorld();
    world.ingestBehindMs = 10 * minuteMs;
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(() => world.incidents()[0]?.response?.mode === 'held');
    expect(world.issuer.calls).toBe(0);
    world.ingestBehindMs = 1000;
    await world.drive(() => world.issuer.done.length === 1);
  });
});

describe('trouble', () => {
  test('an issuer whose answer is lost is read before it is asked again', async () => {
    const world = new AlerterWorld();
    world.issuer.faults.push('lost');
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(() => operationOf(world)?.state === 'traffic_confirmed');
    expect(world.issuer).toMatchObject({ calls: 1, done: [operationOf(world)?.id] });
  });

  test('an issuer that refuses is told in the channel', async () => {
    const world = new AlerterWorld();
    world.issuer.faults.push({ kind: 'refused', code: 'protected' });
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(() => world.channel.parents[0]?.text.includes('NOT stopped') === true);
    expect(world.channel.replies).toContain(
      'The key was NOT stopped. The issuer refused: protected. Ask again: it takes two people.',
    );
  });

  test('a post whose answer is lost is found and not posted again', async () => {
    const world = new AlerterWorld();
    world.channel.faults.push('lost');
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(isTold(world));
    expect(world.channel.parents).toHaveLength(1);
  });

  test('a post that never arrived is posted after two looks', async () => {
    const world = new AlerterWorld();
    world.channel.faults.push({ kind: 'unknown', reason: 'connection lost' });
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(isTold(world));
    expect(world.channel.parents).toHaveLength(1);
  });

  test('a channel that is limited or gone gets its message when it is back', async () => {
    const world = new AlerterWorld();
    world.channel.faults.push(
      { kind: 'returned', reason: 'rate limited', retryAfterMs: 7000 },
      { kind: 'failed', reason: 'not_in_channel' },
    );
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(isTold(world));
    expect(world.channel.parents).toHaveLength(1);
    expect(await world.metrics.text()).toContain(
      'tripkey_notifications_total{destination="fake",method="post",result="failed"} 1',
    );
  });

  test('a message counts as waiting all the time until its channel is back', async () => {
    const world = new AlerterWorld();
    world.channel.faults.push({ kind: 'failed', reason: 'not_in_channel' });
    running = world.start();
    await world.find(spikeIn(world));
    let secondsRefused = 0;
    await world.drive(() => world.channel.faults.length === 0 && ++secondsRefused > 10);
    expect(await world.metrics.text()).toContain('tripkey_outbox_waiting{destination="fake"} 1');
  });

  test('a finding that cannot be read is counted and holds up nothing', async () => {
    const world = new AlerterWorld();
    running = world.start();
    await world.find({ ...spikeIn(world), score: 'high' } as unknown as Finding);
    await world.find(spikeIn(world));
    await world.drive(isResolved(world));
    expect(await world.metrics.text()).toContain('findings_ignored_total{reason="unreadable"} 1');
  });
});

describe('a second alerter', () => {
  test('that joins in the middle shares the incidents: each is told and stopped once', async () => {
    const world = new AlerterWorld();
    const caps = { perHour: 100, perDay: 100, activeKeysShare: 1, perOwnerAndHour: 100 };
    world.policy = { rules: [{ mode: 'act' }], caps, oddKeys: { countMax: 100 } };
    const count = 12;
    const findings = Array.from({ length: count }, (_, n) =>
      spikeIn(world, {
        finding_id: String(n).padStart(32, '0'),
        subject: { kind: 'key', id: `key_${n}` },
        key_id: `key_${n}`,
      }),
    );
    const first = world.start();
    for (const finding of findings.slice(0, count / 2)) await world.find(finding);
    await world.drive(() => world.channel.parents.length >= 3);
    running = world.start();
    for (const finding of findings.slice(count / 2)) await world.find(finding);
    await world.drive(() => world.issuer.done.length === count && world.channel.parents.length === count);
    await first.stop();
    await world.drive(() => world.incidents().every((incident) => incident.state === 'resolved'));
    const ids = world.channel.messages.map((message) => message.deliveryId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(world.issuer.calls).toBe(count);
    expect(world.channel.parents).toHaveLength(count);
  });
});

describe('a restart', () => {
  test('remembers weak findings that were committed', async () => {
    const world = new AlerterWorld();
    running = world.start();
    await world.find(spikeIn(world, { score: 4 }));
    await world.drive(() => running?.effects === 1);
    await running.stop();
    running = world.start();
    await world.find(spikeIn(world, { finding_id: 'f'.repeat(32), rule_id: 'new-network', score: 4 }));
    await world.drive(() => world.incidents().length === 1);
    expect(world.incidents()[0]?.rules).toHaveLength(2);
  });

  test('takes what is stored where the broker forgets', async () => {
    const world = new AlerterWorld();
    world.stored.push(spikeIn(world));
    running = world.start({ recover: true });
    await world.drive(isTold(world));
    expect(world.channel.parents).toHaveLength(1);
  });

  test('between any two effects: no second message, no second stop, and the story is whole', async () => {
    const untouched = new AlerterWorld();
    running = untouched.start();
    await untouched.find(spikeIn(untouched));
    await untouched.drive(isTold(untouched));
    const effects = running.effects;
    await running.stop();
    expect(effects).toBeGreaterThan(15);

    for (let effectsMax = 0; effectsMax < effects; effectsMax++) {
      const world = new AlerterWorld();
      await world.find(spikeIn(world));
      const first = world.start({ effectsMax });
      await world.drive(() => first.crashed);
      await first.ended;
      running = world.start();
      await world.drive(isTold(world));
      await running.stop();
      const ids = world.channel.messages.map((message) => message.deliveryId);
      expect(world.channel.parents, `killed after effect ${effectsMax}`).toHaveLength(1);
      expect(new Set(ids).size, `replies, killed after effect ${effectsMax}`).toBe(ids.length);
      expect(world.channel.replies).toHaveLength(4);
      expect(world.issuer, `stops, killed after effect ${effectsMax}`).toMatchObject({
        calls: 1,
        done: [expect.any(String)],
      });
      expect(world.channel.parents[0]?.text).toMatch(/proven: no request was accepted since.*Resolved/);
    }
  });
});
