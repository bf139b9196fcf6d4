import { topics } from '@tripkey/contract';
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
