import { type Finding, topics } from '@tripkey/contract';
import { aFinding } from '@tripkey/contract/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { AlerterWorld, type RunningAlerter } from '../testing/alerter-world.ts';
import { FakeChannel } from '../testing/fake-channel.ts';

let running: RunningAlerter | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** A volume spike that is detected now. */
const spikeIn = (world: AlerterWorld, changes: Partial<Finding> = {}) =>
  aFinding({ detected_at: new Date(world.clock.now()).toISOString(), ...changes });

describe('many incidents at once', () => {
  const burst = async (world: AlerterWorld, count: number) => {
    // A digest is of one partition.
    await world.broker.ensureTopics([{ topic: topics.findings, partitions: 1 }]);
    world.channel.digests = true;
    world.policy = {};
    for (let n = 0; n < count; n++) {
      const id = `key_${n}`;
      const severity = n === count - 1 ? 'critical' : n === 2 ? 'medium' : 'high';
      const score = n === 2 ? 7 : 12;
      const finding_id = String(n).padStart(32, '0');
      await world.find(
        spikeIn(world, { finding_id, subject: { kind: 'key', id }, key_id: id, severity, score }),
      );
    }
  };
  const digests = (world: AlerterWorld) =>
    world.channel.parents.filter(({ text }) => text.includes('incidents at once'));

  test('become a digest that is updated, and critical ones have messages of their own', async () => {
    const world = new AlerterWorld();
    await burst(world, 12);
    running = world.start({ digestAbove: 3 });
    await world.drive(() => digests(world)[0]?.text.split('\n').length === 10);
    const own = world.channel.parents.filter(({ text }) => !text.includes('at once'));
    expect(own.map(({ text }) => text.split(':')[0])).toEqual(['Critical', 'High', 'High']);
    await world.drive(() => digests(world)[0]!.text.startsWith('9 incidents at once, 0 of them open'));
    expect(digests(world)).toHaveLength(1);
  });

  test('do not hold up one that is critical and comes later', async () => {
    const world = new AlerterWorld();
    await burst(world, 8);
    world.surveyMs = 2_000;
    running = world.start();
    await world.drive(() => world.channel.parents.length === 2);
    const subject = { kind: 'key', id: 'key_late' } as const;
    const late = { finding_id: 'f'.repeat(32), subject, key_id: 'key_late', severity: 'critical' } as const;
    await world.find(spikeIn(world, late));
    await world.drive(() => world.channel.parents.length === 9);
    const place = world.channel.parents.findIndex(({ text }) => text.includes('Key key_late:'));
    expect(place).toBeLessThanOrEqual(3);
  });

  test('become a digest also where a faster destination had them first', async () => {
    const world = new AlerterWorld();
    await burst(world, 12);
    const faster = { notifier: new FakeChannel(), pacing: { postsPerSecond: 100, callsPerSecond: 100 } };
    running = world.start({ digestAbove: 3, others: [faster] });
    await world.drive(() => digests(world)[0]?.text.split('\n').length === 10);
    expect(faster.notifier.parents).toHaveLength(12);
  });

  test('of which one gets worse, or is left alone, has a message of its own then', async () => {
    const world = new AlerterWorld();
    await burst(world, 5);
    running = world.start({ digestAbove: 1, quietMs: 3 * 3_600_000 });
    await world.drive(() => digests(world)[0]?.text.split('\n').length === 5);
    const own = (keyId: string) => world.channel.parents.filter(({ text }) => text.includes(`Key ${keyId}:`));
    const digested = world.incidents().filter(({ digest }) => digest !== null);
    const worse = digested.find(({ severity }) => severity === 'medium')!;
    expect(own(worse.keyId!)).toEqual([]);
    const subject = { kind: 'key', id: worse.keyId! } as const;
    const finding_id = 'f'.repeat(32);
    await world.find(spikeIn(world, { finding_id, subject, key_id: worse.keyId, severity: 'high' }));
    await world.drive(() => world.channel.replies.some((reply) => reply.startsWith('Severity raised')));
    expect(own(worse.keyId!)).toHaveLength(1);
    const left = digested.filter(({ severity }) => severity === 'high');
    expect(left.flatMap(({ keyId }) => own(keyId!))).toEqual([]);
    const aloud = () => world.channel.replies.filter((reply) => reply.includes('nobody has acknowledged it'));
    await world.drive(() => aloud().length === 5, 70);
    for (const { keyId } of left) expect(own(keyId!)).toHaveLength(1);
    expect(digests(world)).toHaveLength(1);
  });

  test('are told once each, wherever an alerter dies', async () => {
    for (let effectsMax = 2; effectsMax < 22; effectsMax += 3) {
      const world = new AlerterWorld();
      await burst(world, 4);
      const first = world.start({ effectsMax, digestAbove: 1 });
      await world.drive(() => first.crashed);
      await first.ended;
      running = world.start({ digestAbove: 1 });
      await world.drive(() => digests(world)[0]?.text.startsWith('3 incidents at once, 0') === true);
      await running.stop();
      const ids = world.channel.messages.map(({ deliveryId }) => deliveryId);
      expect(new Set(ids).size, `killed after effect ${effectsMax}`).toBe(ids.length);
      expect(world.channel.parents, `killed after effect ${effectsMax}`).toHaveLength(2);
    }
  });
});
