import { createHmac } from 'node:crypto';
import { aFinding } from '@tripkey/contract/testing';
import { Metrics } from '@tripkey/service-kit';
import { silentLogger } from '@tripkey/service-kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AlertingConfig } from '../../config.ts';
import { currentOperation } from '../../incident/incident.ts';
import { ResponsePolicy } from '../../respond/policy.ts';
import { AlerterWorld, type RunningAlerter } from '../../testing/alerter-world.ts';
import { startFakeSlack } from '../../testing/fake-slack.ts';
import { openInteractions, serveDoors } from './open-interactions.ts';

const secret = 'a signing secret that is made up';
const team = 'T0123ABCD';
const alice = { id: 'U0ALICE', name: 'alice', team_id: team };
const bob = { id: 'U0BOB', name: 'bob', team_id: team };
const mallory = { id: 'U0MALLORY', name: 'mallory', team_id: team };

let world: AlerterWorld;
let running: RunningAlerter;
let slack: Awaited<ReturnType<typeof startFakeSlack>>;
let served: NonNullable<Awaited<ReturnType<typeof serveDoors>>>;
let opened: NonNullable<ReturnType<typeof openInteractions>>;
let triggers = 0;

/** An open incident, its alerter, and beside it what takes clicks. */
async function begin(policy: object = {}): Promise<void> {
  world = new AlerterWorld();
  world.policy = policy;
  running = world.start();
  slack = await startFakeSlack(({ method, body }) =>
    method === 'usergroups.users.list' && body.usergroup === 'S0RESPOND' ? { users: [bob.id] } : undefined,
  );
  const config = AlertingConfig.parse({
    slack: {
      ...{ token: 'xoxb-test', channel: 'C0123456789', apiUrl: slack.apiUrl },
      ...{ signingSecret: secret, teamId: team, responders: [alice.id], responderGroups: ['S0RESPOND'] },
    },
  });
  opened = openInteractions(config, {
    ...{ incidentLog: world.incidentLog, auditLog: world.auditLog, commands: world.commands },
    keys: { get: (keyId) => (keyId === world.key.key_id ? world.key : undefined), refresh: async () => {} },
    issuers: new Map([['keys', world.issuer]]),
    policy: ResponsePolicy.parse(policy),
    ...{ clock: world.clock, log: silentLogger, metrics: new Metrics() },
  })!;
  served = (await serveDoors([opened], { port: 0, host: '127.0.0.1' }))!;
  await world.find(aFinding({ detected_at: new Date(world.clock.now()).toISOString() }));
  await world.drive(() => world.channel.parents.length === 1);
}
beforeEach(() => begin());
afterEach(async () => {
  // Whatever still waits for an answer gets it, or its time ends.
  await world.clock.advance(60_000);
  await served[Symbol.asyncDispose]();
  await running.stop();
  await slack.close();
});

const incident = () => world.incidents()[0]!;
const operation = () => currentOperation(incident());
const nowSeconds = () => Math.floor(world.clock.now() / 1_000);

/** Sends a payload as Slack would, or almost. */
async function send(payload: object, sign: { secret?: string; at?: number } = {}) {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(sign.at ?? nowSeconds());
  const hmac = createHmac('sha256', sign.secret ?? secret).update(`v0:${timestamp}:${body}`);
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hmac.digest('hex')}`,
  };
  const post = () =>
    fetch(`http://127.0.0.1:${served.port}/slack/interactions`, { method: 'POST', headers, body });
  return { answer: await post(), again: post };
}

function click(user: typeof alice, action_id: string, about: object = {}) {
  const value = JSON.stringify({ incident: incident().id, operation: null, ...about });
  const action = action_id === 'snooze' ? { action_id, selected_option: { value } } : { action_id, value };
  return {
    ...{ type: 'block_actions', user, team: { id: user.team_id }, trigger_id: `trigger-${++triggers}` },
    ...{ channel: { id: 'C0123456789' }, actions: [{ ...action, action_ts: '1' }] },
  };
}

/** What a modal sends that Slack opened for who clicked. */
function submit(user: typeof alice, filled: Record<string, string>) {
  const view = slack.calls.findLast(({ method }) => method === 'views.open')?.body.view as {
    callback_id: string;
    private_metadata: string;
  };
  const values = Object.entries(filled).map(([name, value]) => {
    const input = name === 'resolution' ? { selected_option: { value } } : { value };
    return [name, { [name]: input }];
  });
  return {
    ...{ type: 'view_submission', user, team: { id: user.team_id } },
    view: { ...view, id: `V${triggers}`, state: { values: Object.fromEntries(values) } },
  };
}

const auditKinds = () =>
  world.auditLog.written
    .filter(({ kind }) => kind === 'interaction_refused')
    .map(({ data }) => (JSON.parse(data) as { why: string }).why);
const toldPrivately = () =>
  slack.calls.filter(({ method }) => method === 'chat.postEphemeral').map(({ body }) => String(body.text));

describe('a click of a responder', () => {
  test('acknowledges, and everybody sees who it was', async () => {
    const { answer } = await send(click(alice, 'acknowledge'));
    expect(answer.status).toBe(200);
    await world.drive(() => world.channel.replies.includes('Acknowledged by alice.'));
    expect(incident().acknowledged?.by).toBe('slack:U0ALICE');
  });

  test('snoozes for the time that was chosen', async () => {
    await send(click(alice, 'snooze', { for_ms: 3_600_000 }));
    await world.drive(() => incident().snoozed !== null);
    expect(incident().snoozed!.until - incident().snoozed!.at).toBe(3_600_000);
  });

  test('opens a modal, and with a reason the key is stopped and proven stopped', async () => {
    await send(click(alice, 'stop'));
    expect(operation()).toBeNull();
    const empty = await send(submit(alice, { reason: ' ' }));
    expect(await empty.answer.json()).toMatchObject({ response_action: 'errors' });
    const { answer } = await send(submit(alice, { reason: 'seen on a paste site' }));
    expect(await answer.json()).toEqual({ response_action: 'clear' });
    await world.drive(() => operation()?.state === 'traffic_confirmed');
    expect(operation()).toMatchObject({ approvedBy: 'slack:U0ALICE', reason: 'seen on a paste site' });
    expect(world.issuer.done).toHaveLength(1);
  });

  test('resolves as a false positive with a note', async () => {
    await send(click(bob, 'resolve'));
    await send(submit(bob, { resolution: 'false_positive', reason: 'load test' }));
    await world.drive(() => incident().state === 'resolved');
    expect(incident().resolution).toMatchObject({ reason: 'false_positive', by: { name: 'bob' } });
  });

  test('takes a second person for a protected key, and the last four characters of its id', async () => {
    await served[Symbol.asyncDispose]();
    await running.stop();
    await slack.close();
    await begin({ protectedKeys: ['key_forms_1'] });
    await send(click(alice, 'stop'));
    const wrong = await send(submit(alice, { reason: 'stolen', confirm: 'rms1' }));
    expect(await wrong.answer.json()).toMatchObject({ errors: { confirm: expect.any(String) } });
    await send(submit(alice, { reason: 'stolen', confirm: 'ms_1' }));
    await world.drive(() => operation()?.state === 'proposed');
    await send(click(bob, 'approve', { operation: operation()!.id }));
    await world.drive(() => operation()?.state === 'traffic_confirmed');
    expect(operation()!.agreedBy).toEqual(['slack:U0ALICE', 'slack:U0BOB']);
  });
});

describe('of two people who click at once', () => {
  test('the second is told who was first', async () => {
    await Promise.all([send(click(alice, 'acknowledge')), send(click(bob, 'acknowledge'))]);
    const acknowledged = () => world.channel.replies.filter((reply) => reply.startsWith('Acknowledged'));
    await world.drive(() => toldPrivately().length === 1 && acknowledged().length > 0);
    const first = incident().acknowledged!.name;
    expect(toldPrivately()).toEqual([`${first} acknowledged it already.`]);
    expect(acknowledged()).toHaveLength(1);
  });
});

describe('a click changes nothing, and that it came is on record,', () => {
  let before: number;
  beforeEach(() => {
    before = world.incidentLog.events().filter(isOfPeople).length;
  });
  const isOfPeople = (event: object) => 'command_id' in event;
  afterEach(async () => {
    await world.clock.advance(10_000);
    expect(world.incidentLog.events().filter(isOfPeople)).toHaveLength(before);
    expect(world.commands.commands).toEqual([]);
    expect(world.issuer.calls).toBe(0);
  });

  test.each([
    ['when its signature is not of Slack', { secret: 'another secret, also made up' }, 'forged'],
    ['when it is six minutes old', { at: -6 * 60 }, 'out_of_time'],
    ['when it is six minutes ahead', { at: 6 * 60 }, 'out_of_time'],
  ])('%s', async (_, { secret: other, at }: { secret?: string; at?: number }, why) => {
    const sign = { ...(other ? { secret: other } : {}), at: nowSeconds() + (at ?? 0) };
    const { answer } = await send(click(alice, 'acknowledge'), sign);
    expect(answer.status).toBe(401);
    expect(auditKinds()).toEqual([why]);
  });

  test('when it has no signature', async () => {
    const answer = await fetch(`http://127.0.0.1:${served.port}/slack/interactions`, { method: 'POST' });
    expect(answer.status).toBe(401);
    expect(auditKinds()).toEqual(['missing']);
  });

  test.each([
    ['from another team', { ...alice, team_id: 'T0OTHER' }, 'other_team'],
    ['from a guest of a shared channel', { ...alice, team_id: 'T0GUEST' }, 'other_team'],
    ['from somebody who is no responder', mallory, 'not_a_responder'],
  ])('%s', async (what, user, why) => {
    const payload = click(user, 'stop');
    await send(what.includes('guest') ? { ...payload, team: { id: team } } : payload);
    await opened.idle();
    expect(auditKinds()).toEqual([why]);
    expect(toldPrivately()).toHaveLength(1);
    expect(slack.calls.map(({ method }) => method)).not.toContain('views.open');
  });

  test('about an incident that nobody knows', async () => {
    await send(click(alice, 'acknowledge', { incident: 'inc_made_up' }));
    await opened.idle();
    expect(auditKinds()).toEqual(['unknown_incident']);
  });

  test('about an operation of another incident', async () => {
    await send(click(alice, 'approve', { operation: 'op_of_somewhere_else' }));
    await opened.idle();
    expect(auditKinds()).toEqual(['state']);
  });

  test('with a modal that Slack never opened for a responder', async () => {
    await send(click(alice, 'stop'));
    const { answer } = await send(submit(mallory, { reason: 'because' }));
    expect(await answer.json()).toMatchObject({ response_action: 'errors' });
    expect(auditKinds()).toEqual(['not_a_responder']);
  });

  test('that no release of ours offers', async () => {
    const { answer } = await send(click(alice, 'delete_everything'));
    expect(answer.status).toBe(400);
    expect(auditKinds()).toEqual(['unreadable']);
  });

  test('on an incident that is over', async () => {
    await world.drive(() => incident().state === 'resolved');
    await send(click(alice, 'stop'));
    await opened.idle();
    expect(auditKinds()).toEqual(['state']);
    expect(toldPrivately()).toEqual(['It is resolved already.']);
    expect(slack.calls.map(({ method }) => method)).not.toContain('views.open');
  });
});

test('a click that is replayed changes nothing more, and is on record', async () => {
  const { again } = await send(click(alice, 'acknowledge'));
  await world.drive(() => incident().acknowledged !== null);
  expect((await again()).status).toBe(409);
  expect(auditKinds()).toEqual(['replayed']);
  expect(world.commands.commands).toHaveLength(1);
});

test('forged clicks without end are all counted, and the record takes only some', async () => {
  for (let n = 0; n < 70; n++) await send(click(alice, 'acknowledge'), { secret: 'another secret, made up' });
  expect(auditKinds()).toHaveLength(60);
  await world.clock.advance(5_000);
  await send(click(alice, 'acknowledge'), { secret: 'another secret, made up' });
  expect(world.auditLog.written.at(-1)!.data).toContain('"not_written":10');
});
