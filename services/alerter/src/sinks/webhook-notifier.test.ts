import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aKey } from '@tripkey/contract/testing';
import { createOutbound, systemClock } from '@tripkey/service-kit';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AlertMessage, toAlertMessage } from '../alert/alert-message.ts';
import { sampleIncidents } from '../slack/sample-incidents.ts';
import { genericEvent } from './generic-event.ts';
import { ocsfFinding } from './ocsf-finding.ts';
import { pagerDutyEvent } from './pagerduty-event.ts';
import { webhookNotifier } from './webhook-notifier.ts';
import type { WebhookTemplate } from './webhook-template.ts';

const secret = `whsec_${Buffer.from('a secret that only tests know').toString('base64')}`;
interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
let calls: Call[];
/** What the next calls are answered with; 204 when there is nothing left. `cut`: taken, and no answer. */
let answers: (number | 'cut')[];
let server: ReturnType<typeof createServer>;
let url: string;

beforeEach(async () => {
  calls = [];
  answers = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push({ headers: request.headers, body });
    const answer = answers.shift() ?? 204;
    if (answer === 'cut') return void request.socket.destroy();
    response.writeHead(answer, { 'retry-after': '7', location: 'http://127.0.0.1:1/' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const open = (template: WebhookTemplate = genericEvent, allowedNetworks = ['127.0.0.1']) =>
  webhookNotifier({
    outbound: createOutbound({ allowedNetworks }),
    ...{ name: 'siem', url, template, secret, severityMin: 'high', timeoutMs: 5_000, clock: systemClock },
  });
function alertOf(name: string): AlertMessage {
  const { incident, key } = sampleIncidents().find((one) => one.name === name)!;
  return toAlertMessage(incident, { key: key ?? aKey(), consoleUrl: 'https://tripkey.example' });
}
const alert = (name = 'volume') => ({ kind: 'alert', alert: alertOf(name) }) as const;

describe('a webhook', () => {
  test('is signed as the libraries of Standard Webhooks check it', async () => {
    await open().post(alert(), 'inc_1:message:siem');
    const [call] = calls;
    const verified = new Webhook(secret).verify(call!.body, call!.headers as Record<string, string>);
    expect(verified).toMatchObject({
      type: 'incident.opened',
      incident: { severity: 'high', state: 'open' },
    });
    expect(() =>
      new Webhook(secret).verify(`${call!.body} `, call!.headers as Record<string, string>),
    ).toThrow();
  });

  test('that is sent again has the id that it had, and a later step has another', async () => {
    const notifier = open();
    await notifier.post(alert(), 'inc_1:message:siem');
    await notifier.post(alert(), 'inc_1:message:siem');
    const ref = { channel: 'siem', ts: 'inc_1:message:siem' };
    await notifier.update(ref, alert('volume-stopped'));
    const ids = calls.map(({ headers }) => headers['webhook-id']);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(JSON.parse(calls[2]!.body)).toMatchObject({ type: 'incident.resolved' });
  });

  test.each<[number | 'cut', object]>([
    [200, { kind: 'sent' }],
    [500, { kind: 'returned', retryAfterMs: 7_000 }],
    [429, { kind: 'returned', retryAfterMs: 7_000 }],
    ['cut', { kind: 'returned' }],
    [400, { kind: 'failed', reason: 'HTTP 400' }],
    [302, { kind: 'failed', reason: 'HTTP 302' }],
  ])('that is answered with %s', async (answer, outcome) => {
    answers.push(answer);
    expect(await open().post(alert(), 'inc_1:message:siem')).toMatchObject(outcome);
    expect(calls).toHaveLength(1);
  });

  test.each(['127.0.0.1', 'localhost'])('is not sent to %s unless that is allowed', async (host) => {
    url = url.replace('127.0.0.1', host);
    expect(await open(genericEvent, []).post(alert(), 'inc_1:message:siem')).toEqual({
      kind: 'failed',
      reason: `${host} is at an address that outbound.allowedNetworks does not allow`,
    });
    expect(calls).toEqual([]);
  });

  test('is for incidents that are bad enough', () => {
    expect(open().takes?.(alertOf('volume'))).toBe(true);
    expect(open().takes?.(alertOf('fleet'))).toBe(false);
  });
});

test('PagerDuty gets a trigger, an acknowledgement and a resolution under one key', async () => {
  const notifier = open(pagerDutyEvent('routing-key'));
  await notifier.post(alert(), 'inc_1:message:pd');
  const ref = { channel: 'pd', ts: 'inc_1:message:pd' };
  for (const name of ['volume-acknowledged', 'volume-stopped']) await notifier.update(ref, alert(name));
  const bodies = calls.map(({ body }) => JSON.parse(body));
  expect(bodies.map(({ event_action }) => event_action)).toEqual(['trigger', 'acknowledge', 'resolve']);
  expect(new Set(bodies.map(({ dedup_key }) => dedup_key)).size).toBe(1);
  expect(bodies[0]).toMatchObject({
    routing_key: 'routing-key',
    payload: { severity: 'error', source: 'key:ak_live_7f3c', component: 'app_forms' },
    links: [{ href: expect.stringContaining('/incidents/inc_') }],
  });
});

test.each(['volume', 'one-source-many-keys', 'volume-not-effective', 'volume-stopped'])(
  'OCSF: the finding of %s looks like this',
  async (name) => {
    const body = ocsfFinding.body(alertOf(name), name === 'volume', Date.parse('2026-03-02T10:02:00Z'));
    await expect(`${JSON.stringify(body, null, 2)}\n`).toMatchFileSnapshot(`./golden/ocsf-${name}.json`);
  },
);
