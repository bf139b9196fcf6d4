import { aFinding, aKey } from '@tripkey/contract/testing';
import { silentLogger } from '@tripkey/service-kit/testing';
import { createEmulator, type Emulator } from 'emulate';
import { getLocal, type Mockttp } from 'mockttp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AlertMessage, toAlertMessage } from '../alert/alert-message.ts';
import type { Notifier } from '../alert/notifier.ts';
import { createIncidentBook } from '../incident/incident-book.ts';
import { openSlack, type SlackOptions } from './slack-notifier.ts';

/** Slack's Web API, emulated, behind a proxy that can limit, break and lose answers. */
let slack: Emulator;
let proxy: Mockttp;
const token = 'xoxb-test';

beforeAll(async () => {
  slack = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        team: { name: 'Acme', domain: 'acme' },
        channels: [{ name: 'sec-alerts' }, { name: 'general' }],
        users: [{ name: 'alice', email: 'alice@acme.example' }],
        strict_scopes: true,
        tokens: [{ token, scopes: ['chat:write', 'channels:read', 'channels:history'] }],
      },
    },
  });
});
beforeEach(async () => {
  slack.reset();
  proxy = getLocal();
  await proxy.start();
});
afterEach(() => proxy.stop());
afterAll(() => slack.close());

/** Every call goes through that a test has no rule for. */
const passOn = () => proxy.forUnmatchedRequest().thenForwardTo(slack.url);
const open = async (changes: Partial<SlackOptions> = {}): Promise<Notifier> => {
  await passOn();
  const apiUrl = `${proxy.url}/api/`;
  return openSlack({
    token,
    channel: '#sec-alerts',
    apiUrl,
    timeoutMs: 60_000,
    log: silentLogger,
    ...changes,
  });
};

interface SeenMessage {
  ts: string;
  text: string;
  thread_ts?: string;
  blocks?: { type: string }[];
}

/** What people see, asked past the proxy. */
async function call(
  method: string,
  body: object,
): Promise<{ messages: SeenMessage[]; channels: { id: string }[] }> {
  const answer = await fetch(`${slack.url}/api/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as never;
}
async function inChannel(): Promise<SeenMessage[]> {
  const { channels } = await call('conversations.list', {});
  const all = await Promise.all(channels.map(({ id }) => call('conversations.history', { channel: id })));
  return all.flatMap(({ messages }) => messages ?? []).filter(({ text }) => text.includes('busier'));
}

function anAlert(): AlertMessage {
  const book = createIncidentBook({ groups: new Map() });
  book.take(aFinding(), Date.parse('2026-03-02T10:01:06.000Z'));
  return toAlertMessage([...book.incidents()][0]!, { key: aKey(), consoleUrl: 'https://tripkey.example' });
}
const alert = () => ({ kind: 'alert', alert: anAlert() }) as const;
const recently = () => Date.now() - 60_000;

describe('Slack', () => {
  test('gets an alert, its update in place and its story in the thread', async () => {
    const notifier = await open();
    const posted = await notifier.post(alert(), 'inc_1:message');
    if (posted.kind !== 'sent') throw new Error(posted.reason);
    const line = { kind: 'operation_state_confirmed', text: 'Key stopped', broadcast: false } as const;
    const replied = await notifier.post(
      { kind: 'reply', line, thread: posted.ref, alert: anAlert() },
      'inc_1:5',
    );
    expect(replied.kind).toBe('sent');
    const resolved = { ...anAlert(), summary: 'Key is far busier: resolved', resolved: true };
    expect(await notifier.update(posted.ref, { kind: 'alert', alert: resolved })).toEqual({
      kind: 'updated',
    });

    const messages = await inChannel();
    expect(messages.map(({ text }) => text)).toEqual(['Key is far busier: resolved']);
    const types = messages[0]?.blocks?.map((block) => block.type);
    expect(types).toEqual(['header', 'section', 'rich_text', 'context', 'actions']);
    const thread = await call('conversations.replies', posted.ref);
    expect(thread.messages.map(({ text }) => text)).toContain('Key stopped');
  });

  test('is asked for a message by its delivery id, also in a thread', async () => {
    const notifier = await open();
    const posted = await notifier.post(alert(), 'inc_1:message');
    if (posted.kind !== 'sent') throw new Error(posted.reason);
    const line = { kind: 'operation_state_confirmed', text: 'Key stopped', broadcast: false } as const;
    const replied = await notifier.post(
      { kind: 'reply', line, thread: posted.ref, alert: anAlert() },
      'inc_1:5',
    );
    const since = { sinceMs: recently(), thread: null, message: alert() };
    expect(await notifier.find('inc_1:message', since)).toEqual(posted.ref);
    expect(await notifier.find('inc_2:message', since)).toBeNull();
    expect(replied).toEqual({
      kind: 'sent',
      ref: await notifier.find('inc_1:5', { ...since, thread: posted.ref }),
    });
  });

  test('that took a post and lost the answer leaves it unknown, posted once and found again', async () => {
    const notifier = await open();
    await proxy
      .forPost('/api/chat.postMessage')
      .once()
      .thenForwardTo(slack.url, {
        transformResponse: {},
        beforeResponse: () => 'close',
      });
    expect((await notifier.post(alert(), 'inc_1:message')).kind).toBe('unknown');
    const [message] = await inChannel();
    const found = await notifier.find('inc_1:message', {
      sinceMs: recently(),
      thread: null,
      message: alert(),
    });
    expect(found?.ts).toBe(message?.ts);
    expect(await inChannel()).toHaveLength(1);
  });

  test('that limits us says for how long, and nothing was posted', async () => {
    const notifier = await open();
    await proxy.forPost('/api/chat.postMessage').once().thenReply(429, '', { 'retry-after': '7' });
    expect(await notifier.post(alert(), 'inc_1:message')).toMatchObject({
      kind: 'returned',
      retryAfterMs: 7000,
    });
    expect(await inChannel()).toEqual([]);
  });

  test.each([
    ['an answer 500', () => proxy.forPost('/api/chat.postMessage').thenReply(500), 'unknown'],
    ['a reset', () => proxy.forPost('/api/chat.postMessage').thenResetConnection(), 'unknown'],
    ['its own limit', () => refuse('ratelimited'), 'returned'],
    ['an archived channel', () => refuse('is_archived'), 'failed'],
    ['its own trouble', () => refuse('internal_error'), 'unknown'],
  ])('with %s', async (_, fault, kind) => {
    const notifier = await open();
    await fault();
    expect((await notifier.post(alert(), 'inc_1:message')).kind).toBe(kind);
  });

  test('that never answers is given up after the timeout', async () => {
    const notifier = await open({ channel: 'C0123456789', timeoutMs: 50 });
    await proxy.forPost('/api/chat.postMessage').thenTimeout();
    expect((await notifier.post(alert(), 'inc_1:message')).kind).toBe('unknown');
  });

  test('that refuses the blocks gets the text, which tells the whole story', async () => {
    const notifier = await open();
    const refused = proxy.forPost('/api/chat.postMessage').once();
    await refused.thenJson(200, { ok: false, error: 'invalid_blocks' });
    expect((await notifier.post(alert(), 'inc_1:message')).kind).toBe('sent');
    const [message] = await inChannel();
    expect(message?.text).toContain('requests 900 (expected 40');
  });

  test('that refuses charts gets simple blocks, and is not asked for charts again', async () => {
    const notifier = await open();
    await (await proxy.forPost('/api/chat.postMessage').once()).thenJson(200, {
      ok: false,
      error: 'invalid_blocks',
    });
    expect((await notifier.post(alert(), 'inc_1:message')).kind).toBe('sent');
    const posted = async () => (await inChannel()).map(({ blocks }) => blocks?.map(({ type }) => type));
    expect(await posted()).toEqual([['header', 'section', 'section', 'context', 'actions']]);
    expect((await notifier.post(alert(), 'inc_2:message')).kind).toBe('sent');
    expect((await posted()).flat()).not.toContain('rich_text');
  });

  test('has other channels for some incidents, and calls a group when one is critical', async () => {
    const routes = [{ channel: 'general', severityMin: 'high' as const, mention: 'S0FORMS' }];
    const notifier = await open({ routes, mention: 'S0SECURITY' });
    const posted = await notifier.post(alert(), 'inc_1:message');
    const other = await notifier.post(
      { kind: 'alert', alert: { ...anAlert(), record: { ...anAlert().record, severity: 'medium' } } },
      'inc_2:message',
    );
    if (posted.kind !== 'sent' || other.kind !== 'sent') throw new Error('not sent');
    expect(posted.ref.channel).not.toBe(other.ref.channel);
    const found = await notifier.find('inc_1:message', {
      sinceMs: recently(),
      thread: null,
      message: alert(),
    });
    expect(found).toEqual(posted.ref);
  });

  test('that is down at the start gets the alert when it is back', async () => {
    await proxy.forAnyRequest().times(2).thenReply(503);
    const notifier = await open();
    expect((await notifier.post(alert(), 'inc_1:message')).kind).toBe('returned');
    expect((await notifier.post(alert(), 'inc_1:message')).kind).toBe('sent');
    expect(await inChannel()).toHaveLength(1);
  });

  test('without the channel refuses to start, and says what to do', async () => {
    await passOn();
    const opening = openSlack({ token, channel: 'nowhere', apiUrl: `${proxy.url}/api/`, log: silentLogger });
    await expect(opening).rejects.toThrow(/invite it, or configure/);
  });
});

function refuse(error: string) {
  return proxy.forPost('/api/chat.postMessage').thenJson(200, { ok: false, error });
}
