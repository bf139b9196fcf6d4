import { silentLogger } from '@tripkey/service-kit/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toAlertMessage } from '../alert/alert-message.ts';
import { toStoryLine } from '../alert/response-text.ts';
import { type SlackCall, startFakeSlack } from '../testing/fake-slack.ts';
import { sampleIncidents } from './sample-incidents.ts';
import { slackOwnerNotifier } from './slack-owner-notifier.ts';
import { slackWebClient } from './slack-web-client.ts';

/** A workspace with one person in it. */
function answers({ method, body }: SlackCall): object | undefined {
  const posted = slack.calls.filter((call) => call.method === 'chat.postMessage');
  switch (method) {
    case 'users.lookupByEmail':
      return body.email === 'forms-team@acme.example'
        ? { user: { id: 'U0OWNER' } }
        : { ok: false, error: 'users_not_found' };
    case 'conversations.open':
      return { channel: { id: 'D0TALK' } };
    case 'chat.postMessage':
      return { channel: body.channel, ts: '1.1' };
    case 'conversations.history':
      return {
        messages: posted.map((call) => ({ ts: '1.1', metadata: JSON.parse(String(call.body.metadata)) })),
      };
    default:
      return undefined;
  }
}
let slack: Awaited<ReturnType<typeof startFakeSlack>>;
beforeEach(async () => {
  slack = await startFakeSlack(answers);
});
afterEach(() => slack.close());

const open = () =>
  slackOwnerNotifier({
    web: slackWebClient({ token: 'xoxb-owner', apiUrl: slack.apiUrl, log: silentLogger }),
    contact: '#security',
  });
function stopped(owner: string | undefined = 'forms-team@acme.example') {
  const { incident, key } = sampleIncidents().find(({ name }) => name === 'volume-stopped')!;
  return { incident, alert: toAlertMessage(incident, { key: key && { ...key, owner }, consoleUrl: null }) };
}
const posts = () => slack.calls.filter(({ method }) => method === 'chat.postMessage').map(({ body }) => body);

test('the owner of a stopped key is told in a direct message why, and is found again by it', async () => {
  const owners = open();
  const { alert } = stopped();
  expect(owners.takes?.(alert)).toBe(true);
  const message = { kind: 'alert', alert } as const;
  const sent = await owners.post(message, 'inc_1:message:slack-owner');
  expect(sent).toEqual({ kind: 'sent', ref: { channel: 'D0TALK', ts: '1.1' } });
  expect(slack.calls.find(({ method }) => method === 'conversations.open')?.body.users).toBe('U0OWNER');
  const [post] = posts();
  expect(String(post?.text)).toMatch(/^Your API key .* was disabled$/);
  expect(String(post?.blocks)).toContain('Questions: #security.');
  const where = { sinceMs: 0, thread: null, message };
  expect(await owners.find('inc_1:message:slack-owner', where)).toEqual({ channel: 'D0TALK', ts: '1.1' });
  expect(await owners.find('inc_2:message:slack-owner', where)).toBeNull();
});

test('only that the key works again is told besides, below it', async () => {
  const owners = open();
  const { alert, incident } = stopped();
  const lines = incident.story.map(toStoryLine);
  expect(lines.some((line) => owners.tells?.(line))).toBe(false);
  const line = { kind: 'key_works_again', text: 'Key works again since 10:07.', broadcast: false } as const;
  expect(owners.tells?.(line)).toBe(true);
  await owners.post(
    { kind: 'reply', line, alert, thread: { channel: 'D0TALK', ts: '1.1' } },
    'inc_1:9:slack-owner',
  );
  expect(posts()[0]).toMatchObject({ channel: 'D0TALK', thread_ts: '1.1' });
});

test('an owner without an address is not looked for; one whom Slack does not know is not told', async () => {
  const owners = open();
  expect(owners.takes?.(stopped('the forms team').alert)).toBe(false);
  const { alert } = stopped('somebody-else@acme.example');
  const outcome = await owners.post({ kind: 'alert', alert }, 'inc_1:message:slack-owner');
  expect(outcome).toMatchObject({ kind: 'failed', reason: expect.stringContaining('knows nobody') });
  expect(posts()).toEqual([]);
});
