import { aFinding } from '@tripkey/contract/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { AlerterWorld, type RunningAlerter } from '../testing/alerter-world.ts';
import { FakeChannel } from '../testing/fake-channel.ts';
import { Silence } from './silence.ts';

const minuteMs = 60_000;
let running: RunningAlerter | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function aWorld(changes: Partial<Silence>, policy: object = {}): Promise<AlerterWorld> {
  const world = new AlerterWorld();
  world.policy = policy;
  const now = world.clock.now();
  const times = { created_at: now, until: now + 10 * minuteMs };
  const who = { by: 'alice', reason: 'load test' };
  await world.silences.put(Silence.parse({ silence_id: 'silence-1', ...times, ...who, ...changes }));
  running = world.start();
  await world.find(aFinding({ detected_at: new Date(now).toISOString() }));
  return world;
}
const incident = (world: AlerterWorld) => world.incidents()[0]!;

describe('a silence', () => {
  test.each([{ key_id: 'key_forms_1' }, { account_id: 'acct_acme' }, { rule_id: 'volume-spike' }])(
    'of %o hides the message and keeps the evidence; the incident shows what hid it',
    async (matcher) => {
      const world = await aWorld(matcher);
      await world.drive(() => world.incidents()[0]?.state === 'resolved');
      expect(incident(world)).toMatchObject({ silencedBy: 'silence-1', findingCount: 1 });
      await world.clock.advance(20 * minuteMs);
      expect(world.channel.messages).toEqual([]);
    },
  );

  test('that ends while the incident is open tells it then', async () => {
    const world = await aWorld({ key_id: 'key_forms_1', until: Date.parse('2026-03-02T10:01:00.000Z') });
    await world.drive(() => incident(world)?.silencedBy === 'silence-1');
    expect(world.channel.messages).toEqual([]);
    await world.drive(() => world.channel.parents.length === 1);
    expect(world.clock.now()).toBeGreaterThanOrEqual(Date.parse('2026-03-02T10:01:00.000Z'));
  });

  test('of one rule does not hide what another rule found', async () => {
    const world = await aWorld({ rule_id: 'new-network' });
    await world.drive(() => world.channel.parents.length === 1);
  });

  test('does not keep the policy from acting, and never hides a stop that does not work', async () => {
    const world = await aWorld({ key_id: 'key_forms_1' }, { rules: [{ mode: 'act' }] });
    await world.drive(() => incident(world)?.operations[0]?.state === 'traffic_confirmed');
    expect(world.channel.messages).toEqual([]);
    world.accepted.push({ keyId: 'key_forms_1', at: world.clock.now() });
    await world.drive(() => world.channel.parents[0]?.text.includes('NOT effective') === true);
  });

  test('hides what an archive was sent while Slack did not answer', async () => {
    const world = new AlerterWorld();
    const archive = Object.assign(new FakeChannel(), { isArchive: true });
    const slow = Promise.withResolvers<void>();
    const post = world.channel.post.bind(world.channel);
    let posting = false;
    world.channel.post = (...call) => {
      posting = true;
      return slow.promise.then(() => post(...call));
    };
    const now = world.clock.now();
    const times = { created_at: now, until: now + 10 * minuteMs };
    const silence = { silence_id: 'silence-1', by: 'alice', reason: 'load test', key_id: 'key_forms_1' };
    await world.silences.put(Silence.parse({ ...silence, ...times }));
    const pacing = { postsPerSecond: 10, callsPerSecond: 10 };
    running = world.start({ others: [{ notifier: archive, pacing }] });
    const detected_at = new Date(now).toISOString();
    const subject = { kind: 'key', id: 'key_other' } as const;
    await world.find(aFinding({ detected_at, subject, key_id: subject.id, finding_id: 'b'.repeat(32) }));
    await world.drive(() => posting && archive.parents.length === 1);
    await world.find(aFinding({ detected_at }));
    await world.drive(() => archive.parents.length === 2);
    slow.resolve();
    await world.drive(() => world.incidents().some(({ silencedBy }) => silencedBy === 'silence-1'));
    await world.drive(() => world.incidents().every(({ state }) => state === 'resolved'));
    await world.clock.advance(20 * minuteMs);
    expect(world.channel.parents).toHaveLength(1);
  });

  test('of everything cannot be made', () => {
    const silence = { silence_id: 'silence-1', created_at: 0, until: 1, by: 'alice', reason: 'peace' };
    expect(() => Silence.parse(silence)).toThrow(/nothing hides everything/);
  });
});
