import { type Finding, topics } from '@tripkey/contract';
import { aFinding } from '@tripkey/contract/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AlerterWorld, type RunningAlerter } from '../testing/alerter-world.ts';

let running: RunningAlerter | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** A volume spike that is detected now. */
const spikeIn = (world: AlerterWorld) => aFinding({ detected_at: new Date(world.clock.now()).toISOString() });

describe('the issuer of a key', () => {
  test('that does not say whether it protects it holds its stop back until it does', async () => {
    const world = new AlerterWorld();
    const read = vi.spyOn(world.issuer, 'read');
    read.mockResolvedValue({ state: 'unknown', why: 'timeout', afterMs: 1_000 });
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(() => world.incidents()[0]?.response?.reason.includes('does not say') === true);
    expect(world.issuer.calls).toBe(0);
    read.mockRestore();
    await world.drive(() => world.issuer.done.length === 1);
  });

  test('is not asked about a key for whose stop there is too little evidence', async () => {
    const world = new AlerterWorld();
    world.policy = { rules: [{ mode: 'act' }], evidence: { rulesMin: 2 } };
    const read = vi.spyOn(world.issuer, 'read');
    running = world.start();
    await world.find(spikeIn(world));
    await world.drive(
      () => world.incidents()[0]?.response?.reason.includes('waits for more evidence') === true,
    );
    expect(read).not.toHaveBeenCalled();
  });

  test('that never says what it can do is asked seldom, and does not keep a stop from its proof', async () => {
    const world = new AlerterWorld();
    const capabilities = vi.spyOn(world.issuer, 'capabilities').mockRejectedValue(new Error('malformed'));
    running = world.start();
    await world.find(spikeIn(world));
    const operation = () => world.incidents()[0]?.operations[0];
    await world.drive(() => operation()?.state === 'state_confirmed', 45);
    expect(capabilities.mock.calls.length).toBeLessThan(70);
    await world.drive(() => operation()?.state === 'traffic_confirmed');
    expect(operation()).toMatchObject({ propagationMs: 600_000, undoUntil: null });
  });
});

describe('of two keys of one lineage', () => {
  const subject = { kind: 'key', id: 'lineage_1' } as const;
  const find = (world: AlerterWorld, n: number, changes: Partial<Finding>) =>
    world.find({ ...spikeIn(world), finding_id: String(n).padStart(32, '0'), subject, ...changes });
  const leak = { rule_id: 'leak-reported', severity: 'critical', score: 14 } as const;
  const aWorld = () => {
    const world = new AlerterWorld();
    world.policy = {
      rules: [{ rules: ['leak-reported'], mode: 'act' }],
      caps: { perOwnerAndHour: 2, activeKeysShare: 1 },
    };
    running = world.start();
    return world;
  };

  test('the one that leaked is stopped, though the other looks odd too', async () => {
    const world = aWorld();
    await find(world, 1, { key_id: 'key_old' });
    await world.drive(() => world.incidents().length === 1);
    await find(world, 2, { key_id: 'key_new', ...leak });
    await world.drive(() => world.issuer.done.length > 0);
    expect([...world.issuer.states]).toEqual([['key_new', 'disabled']]);
  });

  test('both are stopped when both leaked', async () => {
    const world = aWorld();
    await find(world, 1, { key_id: 'key_old', ...leak });
    await world.drive(() => world.issuer.done.length === 1);
    await find(world, 2, { key_id: 'key_new', ...leak });
    await world.drive(() => world.issuer.done.length === 2);
    expect(new Set(world.issuer.states.keys())).toEqual(new Set(['key_old', 'key_new']));
  });

  test('none is stopped by what was found of the other, when a merge has put it together', async () => {
    const world = aWorld();
    await find(world, 1, { key_id: 'key_old' });
    await find(world, 2, { key_id: 'key_new' });
    await world.drive(() => world.incidents().length === 2);
    const [into, from] = ['key_old', 'key_new'].map(
      (key) => world.incidents().find((one) => one.keyId === key)!,
    );
    const person = { at: world.clock.now(), by: 'slack:alice', by_name: 'alice', command_id: 'merge-new' };
    await world.commands.send({ kind: 'merge', ...person, incident_id: from!.id, into: into!.id });
    await world.drive(() => world.incidents().some(({ state }) => state === 'resolved'));
    await find(world, 3, { key_id: 'key_new', ...leak });
    const operation = () => world.incidents().find(({ id }) => id === into!.id)?.operations[0];
    await world.drive(() => operation() !== undefined);
    expect(operation()).toMatchObject({ state: 'proposed', reason: expect.stringContaining('another key') });
    expect(world.issuer.calls).toBe(0);
  });
});

/** Six incidents that other alerters write. */
async function sixElsewhere(world: AlerterWorld): Promise<void> {
  const at = world.clock.now();
  const head = { account_id: '', app_id: '', severity: 'high', score: 9, partition: 5 } as const;
  await world.incidentLog.append(
    Array.from({ length: 6 }, (_, n) => {
      const key_id = `key_elsewhere_${n}`;
      const subject = { kind: 'key', id: key_id } as const;
      return {
        kind: 'opened',
        incident_id: `inc_elsewhere_${n}`,
        seq: 1,
        at,
        subject,
        ...head,
        key_id,
      } as const;
    }),
  );
}

test('keys that look odd at other alerters count when it is asked whether it is them', async () => {
  const world = new AlerterWorld();
  await world.broker.ensureTopics([{ topic: topics.findings, partitions: 2 }]);
  await sixElsewhere(world);
  running = world.start();
  await world.find(spikeIn(world));
  const here = () => world.incidents().find(({ keyId }) => keyId === 'key_forms_1');
  await world.drive(() => here()?.operations.length === 1);
  expect(here()?.operations[0]).toMatchObject({
    state: 'proposed',
    reason: expect.stringContaining('7 keys'),
  });
});

test.each([
  ['very many keys look odd', async (world: AlerterWorld) => sixElsewhere(world), {}, /6 keys look odd/],
  [
    'a freeze has begun',
    async () => {},
    { freeze: [{ name: 'the release', from: '2026-03-02T10:05:00Z', until: '2026-03-03T00:00:00Z' }] },
    /during the release/,
  ],
])(
  'a stop that was approved does not begin when, at the end of its grace, %s',
  async (_, happen, policy, why) => {
    const world = new AlerterWorld();
    world.policy = { rules: [{ mode: 'act' }], graceMs: 600_000, ...policy };
    await world.broker.ensureTopics([{ topic: topics.findings, partitions: 2 }]);
    running = world.start({ quietMs: 3_600_000 });
    await world.find(spikeIn(world));
    const operation = () => world.incidents().find(({ keyId }) => keyId === 'key_forms_1')?.operations[0];
    await world.drive(() => operation()?.state === 'approved');
    await world.clock.advance(500_000);
    await happen(world);
    await world.drive(() => operation()?.state === 'expired');
    expect(operation()?.reason).toMatch(why);
    expect(world.issuer.calls).toBe(0);
  },
);

test.each([false, true])(
  'a proven stop is watched for a day, however short incidents are kept (alerter started again: %s)',
  async (again) => {
    const world = new AlerterWorld();
    const windowMs = 1_800_000;
    running = world.start({ windowMs });
    await world.find(spikeIn(world));
    await world.drive(() => world.incidents()[0]?.state === 'resolved');
    await world.clock.advance(3 * 3_600_000);
    if (again) {
      await running.stop();
      running = world.start({ windowMs });
    }
    world.accepted.push({ keyId: 'key_forms_1', at: world.clock.now() });
    await world.drive(() => world.incidents()[0]?.operations[0]?.state === 'not_effective');
    expect(world.incidents()[0]?.state).toBe('open');
  },
);
