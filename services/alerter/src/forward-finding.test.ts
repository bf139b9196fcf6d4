import { type Finding, topics } from '@tripkey/contract';
import { aFinding } from '@tripkey/contract/testing';
import { afterEach, expect, test } from 'vitest';
import { AlerterWorld, type RunningAlerter } from './testing/alerter-world.ts';

const running: RunningAlerter[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

test('a finding about what was merged reaches the incident of another alerter, once, over restarts', async () => {
  const world = new AlerterWorld();
  world.policy = {};
  await world.broker.ensureTopics([{ topic: topics.findings, partitions: 2 }]);
  const quiet = { quietMs: 3 * 3_600_000 };
  running.push(world.start(quiet), world.start(quiet));
  const found = (key: string, n: number, changes: Partial<Finding> = {}) =>
    aFinding({
      ...{ finding_id: `${key}-${n}`.padStart(32, '0'), key_id: key, subject: { kind: 'key', id: key } },
      ...{ detected_at: new Date(world.clock.now()).toISOString(), ...changes },
    });
  const of = (key: string) => world.incidents().filter(({ keyId }) => keyId === key);
  const keys = Array.from({ length: 8 }, (_, n) => `key_${n}`);
  for (const key of keys) await world.find(found(key, 0));
  await world.drive(() => world.incidents().length === keys.length);
  const from = keys.find((key) => of(key)[0]!.partition === 0)!;
  const into = keys.find((key) => of(key)[0]!.partition === 1)!;
  const head = { command_id: 'merge-over', at: world.clock.now(), by: 'slack:alice', by_name: 'alice' };
  const target = of(into)[0]!.id;
  await world.commands.send({ kind: 'merge', ...head, incident_id: of(from)[0]!.id, into: target });
  await world.drive(() => of(from)[0]!.state === 'resolved');

  await world.find(found(from, 1, { rule_id: 'new-network' }));
  await world.find(found(from, 1, { rule_id: 'new-network' }));
  await world.drive(() => of(into)[0]!.findingCount === 2);
  expect(
    of(into)[0]!
      .rules.map(({ ruleId }) => ruleId)
      .toSorted(),
  ).toEqual(['new-network', 'volume-spike']);
  for (const one of running.splice(0)) await one.stop();
  running.push(world.start(quiet));
  await world.find(found(from, 2, { rule_id: 'agent-change' }));
  await world.drive(() => of(into)[0]!.rules.length === 3);
  expect(of(from)).toHaveLength(1);
  expect(of(into)[0]).toMatchObject({ findingCount: 3, state: 'open' });
});
