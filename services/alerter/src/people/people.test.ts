import type { Finding } from '@tripkey/contract';
import { aFinding } from '@tripkey/contract/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { verifyAudit } from '../audit/verify-audit.ts';
import { currentOperation } from '../incident/incident.ts';
import { AlerterWorld, type RunningAlerter } from '../testing/alerter-world.ts';
import { askOf, type Wish } from '../testing/ask-of.ts';

const minuteMs = 60_000;
let world: AlerterWorld;
let running: RunningAlerter | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
  const events = world.incidentLog.events();
  expect(verifyAudit(await world.auditLog.lines(), events).faults).toEqual([]);
});

/** An alerter with one open incident. */
async function anOpenIncident(
  policy: object = {},
  finding: Partial<Finding> = {},
  prepare: (issuer: AlerterWorld['issuer']) => void = () => {},
  quietMs = 180_000,
): Promise<string> {
  world = new AlerterWorld();
  prepare(world.issuer);
  world.policy = policy;
  running = world.start({ quietMs });
  await world.find(aFinding({ detected_at: new Date(world.clock.now()).toISOString(), ...finding }));
  await world.drive(() => world.incidents()[0]?.response !== null || operation() !== null);
  return world.incidents()[0]!.id;
}
const incident = () => world.incidents()[0]!;
const incidentOf = (keyId: string) => world.incidents().find((one) => one.keyId === keyId)!;
const operation = () => (world.incidents()[0] ? currentOperation(incident()) : null);
const ask = (by: string, wish: Wish) => askOf(world, incident().id, by, wish);
const told = () => world.channel.replies.join('\n');

describe('a person', () => {
  test('acknowledges an incident, and the second one is told who was first', async () => {
    await anOpenIncident();
    expect(await ask('alice', { kind: 'acknowledge' })).toBeNull();
    expect(await ask('bob', { kind: 'acknowledge' })).toBe('alice acknowledged it already.');
    expect(incident().acknowledged?.by).toBe('slack:alice');
    await world.drive(() => told().includes('Acknowledged by alice.'));
    expect(told()).not.toContain('bob');
  });

  test('resolves an incident with a reason; then nothing more can be asked of it', async () => {
    await anOpenIncident();
    expect(
      await ask('alice', { kind: 'resolve', reason: 'false_positive', note: 'our load test' }),
    ).toBeNull();
    expect(incident()).toMatchObject({ state: 'resolved', resolution: { reason: 'false_positive' } });
    expect(await ask('bob', { kind: 'stop', reason: 'stolen' })).toBe('alice resolved it already.');
    expect(await ask('bob', { kind: 'snooze', for_ms: 60 * minuteMs })).toBe('alice resolved it already.');
    expect(world.issuer.calls).toBe(0);
    await world.drive(() => told().includes('Resolved by alice: false positive. our load test'));
  });

  test('reopens what was resolved too early, and everybody is told', async () => {
    await anOpenIncident();
    await ask('alice', { kind: 'resolve', reason: 'false_positive' });
    expect(await ask('bob', { kind: 'reopen', reason: 'it goes on' })).toBeNull();
    expect(incident()).toMatchObject({ state: 'open', closedAt: null, resolution: null });
    expect(await ask('alice', { kind: 'reopen', reason: 'me too' })).toBe('It is open.');
    await world.drive(() => told().includes('Reopened by bob: it goes on'));
  });

  test('escalates what is worse than it looks', async () => {
    await anOpenIncident({}, { severity: 'medium', score: 7 });
    expect(await ask('alice', { kind: 'escalate', reason: 'it is our biggest customer' })).toBeNull();
    expect(incident().severity).toBe('critical');
    await world.drive(() => told().includes('Escalated by alice: it is our biggest customer'));
  });

  test.each(['takes it', 'does not take it at first'])(
    'merges an incident into another, and both say so when the queue of the other %s',
    async (how) => {
      await anOpenIncident();
      const subject = { kind: 'key', id: 'key_2' } as const;
      const detected_at = new Date(world.clock.now()).toISOString();
      await world.find(aFinding({ subject, key_id: 'key_2', finding_id: 'b'.repeat(32), detected_at }));
      await world.drive(() => world.channel.parents.length === 2);
      const other = world.incidents().find((one) => one.keyId === 'key_2')!;
      const sent = { incident_id: other.id, at: world.clock.now(), by: 'slack:alice', by_name: 'alice' };
      await world.commands.send({
        kind: 'merge',
        command_id: 'merge-1',
        into: incidentOf('key_forms_1').id,
        ...sent,
      });
      if (how !== 'takes it')
        vi.spyOn(world.commands, 'send').mockRejectedValueOnce(new Error('ClickHouse is away'));
      await world.drive(() => told().includes('is a part of this; merged by alice.'));
      expect(incidentOf('key_2')).toMatchObject({ state: 'resolved', resolution: { reason: 'merged' } });
      expect(incidentOf('key_forms_1').state).toBe('open');
      expect(told()).toContain(`Merged into ${incidentOf('key_forms_1').id} by alice.`);
    },
  );

  test('is told which newer incident about the same is open instead of reopening one beside it', async () => {
    await anOpenIncident({}, { finding_id: '1'.repeat(32) });
    const older = incident().id;
    await ask('alice', { kind: 'resolve', reason: 'remediated' });
    const detected_at = new Date(world.clock.now()).toISOString();
    await world.find(aFinding({ finding_id: '2'.repeat(32), detected_at }));
    await world.drive(() => world.incidents().length === 2);
    const command_id = 'reopen-older';
    const head = { command_id, incident_id: older, at: world.clock.now(), by: 'slack:bob', by_name: 'bob' };
    await world.commands.send({ kind: 'reopen', reason: 'it goes on', ...head });
    const byId = (id: string) => world.incidents().find((one) => one.id === id)!;
    await world.drive(() => byId(older).answers.has(command_id));
    const newer = world.incidents().find(({ id }) => id !== older)!;
    expect(byId(older).answers.get(command_id)).toBe(`${newer.id} about the same is open: go on there.`);
  });

  test('is told when a snooze is over', async () => {
    await anOpenIncident();
    await ask('alice', { kind: 'snooze', for_ms: minuteMs });
    await world.drive(() => told().includes('The snooze is over and the incident is still open.'));
    expect(incident().snoozed).toBeNull();
  });

  test('stops a key, and it is proven like any stop', async () => {
    await anOpenIncident();
    expect(await ask('alice', { kind: 'stop', reason: 'seen on a paste site' })).toBeNull();
    expect(await ask('bob', { kind: 'stop', reason: 'me too' })).toMatch(/stopped already, by slack:alice/);
    await world.drive(() => operation()?.state === 'traffic_confirmed');
    expect(world.issuer.done).toHaveLength(1);
    expect(operation()).toMatchObject({ agreedBy: ['slack:alice'], approvedBy: 'slack:alice' });
  });

  test('who asks too late changes nothing', async () => {
    await anOpenIncident();
    await running!.stop();
    const command = {
      kind: 'stop',
      command_id: 'command-late',
      reason: 'stolen',
      by: 'slack:a',
      by_name: 'a',
    } as const;
    await world.commands.send({ ...command, incident_id: incident().id, at: world.clock.now() });
    await world.clock.advance(31 * minuteMs);
    running = world.start();
    await world.drive(() => incident().answers.has('command-late'));
    expect(incident().answers.get('command-late')).toMatch(/too late/);
    expect(world.issuer.calls).toBe(0);
  });
});

describe('a command', () => {
  test('that comes twice counts once, also after a restart', async () => {
    const incident_id = await anOpenIncident();
    const command = {
      kind: 'stop',
      command_id: 'command-twice',
      reason: 'x',
      by: 'slack:a',
      by_name: 'a',
    } as const;
    const sent = { ...command, incident_id, at: world.clock.now() };
    await world.commands.send(sent);
    await world.drive(() => incident().answers.has('command-twice'));
    await running!.stop();
    world.commands.commands.push(sent);
    running = world.start();
    await world.drive(() => operation()?.state === 'traffic_confirmed');
    expect(incident().operations).toHaveLength(1);
  });
});

describe('a protected key', () => {
  test('is stopped only when two different people want it', async () => {
    await anOpenIncident({ protectedKeys: ['key_forms_1'] });
    expect(await ask('alice', { kind: 'stop', reason: 'stolen' })).toBeNull();
    const operation_id = operation()!.id;
    expect(await ask('alice', { kind: 'approve', operation_id })).toMatch(/somebody else/);
    expect(world.issuer.calls).toBe(0);
    expect(await ask('bob', { kind: 'approve', operation_id })).toBeNull();
    await world.drive(() => operation()?.state === 'traffic_confirmed');
    expect(operation()!.agreedBy).toEqual(['slack:alice', 'slack:bob']);
  });

  test('that the policy proposes to stop needs two people as well', async () => {
    await anOpenIncident({ rules: [{ mode: 'act' }], protectedKeys: ['key_forms_1'] });
    const operation_id = operation()!.id;
    expect(await ask('alice', { kind: 'approve', operation_id })).toBeNull();
    expect(operation()!.state).toBe('proposed');
    expect(await ask('bob', { kind: 'approve', operation_id })).toBeNull();
    await world.drive(() => world.issuer.done.length === 1);
  });

  test('is stopped by two people though the approval of one of them had lapsed before', async () => {
    await anOpenIncident({ protectedKeys: ['key_forms_1'] }, {}, undefined, 3 * 60 * minuteMs);
    await ask('alice', { kind: 'stop', reason: 'stolen' });
    const operation_id = operation()!.id;
    await world.clock.advance(40 * minuteMs);
    expect(await ask('bob', { kind: 'approve', operation_id })).toBeNull();
    expect(operation()).toMatchObject({ state: 'proposed', agreedBy: ['slack:bob'] });
    expect(await ask('alice', { kind: 'approve', operation_id })).toBeNull();
    expect(operation()!.state).not.toBe('proposed');
  });

  /** The issuer alone says that it is protected, and takes no stop that fewer than two people want. */
  const protectedByIssuer = (issuer: AlerterWorld['issuer']) => {
    const { act } = issuer;
    issuer.read = async (keyId) => ({ state: issuer.states.get(keyId) ?? 'active', protected: true });
    issuer.act = async (command) =>
      command.actor.approvedBy.length < 2
        ? { kind: 'refused', code: 'protected' }
        : act.call(issuer, command);
  };

  test('that only its issuer protects is stopped by two people whom the policy asks', async () => {
    await anOpenIncident({ rules: [{ mode: 'act' }] }, {}, protectedByIssuer);
    const operation_id = operation()!.id;
    expect(await ask('alice', { kind: 'approve', operation_id })).toBeNull();
    expect(operation()!.state).toBe('proposed');
    expect(await ask('bob', { kind: 'approve', operation_id })).toBeNull();
    await world.drive(() => world.issuer.done.length === 1);
  });

  test('that only its issuer protects is refused to one person, who is told to ask again, and stopped by two', async () => {
    await anOpenIncident({}, {}, protectedByIssuer);
    await ask('alice', { kind: 'stop', reason: 'stolen' });
    await world.drive(() =>
      told().includes('The issuer refused: protected. Ask again: it takes two people.'),
    );
    await ask('alice', { kind: 'stop', reason: 'stolen' });
    expect(operation()!.state).toBe('proposed');
    await ask('bob', { kind: 'stop', reason: 'stolen' });
    await world.drive(() => world.issuer.done.length === 1);
  });
});

describe('a stop that waits', () => {
  const policy = { rules: [{ mode: 'act' }], graceMs: 5 * minuteMs };

  test('can be cancelled while it waits, and is not ordered again', async () => {
    await anOpenIncident(policy);
    const operation_id = operation()!.id;
    expect(await ask('alice', { kind: 'cancel', operation_id })).toBeNull();
    await world.drive(() => incident().state === 'resolved');
    expect(world.issuer.calls).toBe(0);
    expect(told()).toContain('Cancelled by alice.');
  });

  test('is done when nobody cancels it, and not before', async () => {
    await anOpenIncident(policy);
    const due = operation()!.notBefore;
    await world.drive(() => world.issuer.calls > 0);
    expect(world.clock.now()).toBeGreaterThanOrEqual(due);
    expect(await ask('alice', { kind: 'cancel', operation_id: operation()!.id })).toMatch(/too late/);
  });

  test('is cancelled by who resolves the incident', async () => {
    await anOpenIncident(policy);
    expect(await ask('alice', { kind: 'resolve', reason: 'false_positive' })).toBeNull();
    expect(operation()?.state).toBe('cancelled');
  });
});
