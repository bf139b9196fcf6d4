import { createServer } from 'node:http';
import { AlertingConfig, alerter, noNotifier, onStore } from '@tripkey/alerter';
import { ApiSettings, createApi } from '@tripkey/api';
import { type LiveIncident, scopes } from '@tripkey/contract/api';
import { aFinding, aKey } from '@tripkey/contract/testing';
import { importKeys } from '@tripkey/ingest';
import { InMemoryIssuer } from '@tripkey/issuers/testing';
import { listen, Metrics, systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import { findingToRow, KeyRegistry, migrate, openStore } from '@tripkey/store';
import { InMemoryBroker } from '@tripkey/stream/memory';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const shared = { clock: systemClock, log: silentLogger };
const keyIds = ['key_stolen', 'key_busy'];
const opened = new AsyncDisposableStack();
const issuer = new InMemoryIssuer({ name: 'sandbox' });
let url: string;
let authorization: string;
let wishes = 0;

/** An alerter and the API on one ClickHouse, with an open incident of each key. */
beforeAll(async () => {
  const clickhouse = clickHouseConfig();
  await migrate(clickhouse);
  const store = opened.use(openStore(clickhouse));
  const now = Date.now();
  const at = new Date(now).toISOString();
  const records = keyIds.map((key_id) => ({ ...aKey({ key_id, issuer: 'sandbox' }), lineage_id: key_id }));
  await importKeys(store, records, now, null);
  const progress = { topic: 't', partition: 0, offset: 1, lag: 0, at, stored_until: at };
  await store.insert('ingest_progress_v1', [progress], 'progress');
  const findings = keyIds.map((key_id, n) =>
    aFinding({
      ...{ finding_id: `${n}`.padStart(32, '0'), key_id, subject: { kind: 'key', id: key_id } },
      ...{ window_from: at, window_to: at, detected_at: at },
    }),
  );
  await store.insert('findings_v1', findings.map(findingToRow), 'findings');
  for (const keyId of keyIds) issuer.addKey(keyId);

  const config = AlertingConfig.parse({});
  const issuers = new Map([['sandbox', issuer]]);
  const keys = new KeyRegistry();
  await keys.refresh(store);
  const api = createApi({
    ...{ ...shared, store, clickhouse, keys, config, issuers, analysts: null, publicUrl: 'http://localhost' },
    ...{ alerting: onStore(store), issuerKinds: new Map([['sandbox', 'generic']]), ruleParams: {} },
    settings: ApiSettings.parse({ requestsPerMinute: 10_000 }),
    checkAnswers: true,
  });
  const stop = new AbortController();
  const running = [
    api.run(stop.signal),
    alerter(
      {
        ...{ ...shared, ...onStore(store), issuers, policy: config.response, notifier: noNotifier },
        findings: new InMemoryBroker().source('findings', 'alerter'),
        incidents: { groups: new Map() },
        metrics: new Metrics(),
        recover: true,
      },
      stop.signal,
    ),
  ];
  opened.defer(async () => {
    stop.abort(new Error('the test is over'));
    await Promise.all(running);
  });
  const server = opened.use(await listen(createServer(api.router), { host: '127.0.0.1', port: 0 }));
  url = `http://127.0.0.1:${server.port}`;
  const wish = { name: 'on call', scopes, by: 'test', expiresAt: null };
  authorization = `Bearer ${(await api.tokens.create(wish)).secret}`;
  await eventually(async () => expect((await get('/v1/incidents')).json.items).toHaveLength(keyIds.length));
}, 60_000);
afterAll(() => opened.disposeAsync());

async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const response = await fetch(url + path, {
    method,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: what an answer is, the test says
  const json: any = await response.json();
  return { status: response.status, etag: response.headers.get('etag') ?? '', json };
}
const get = (path: string) => call('GET', path);
async function incidentOf(keyId: string) {
  const { json } = await get(`/v1/incidents?key_id=${keyId}`);
  const { incident_id } = json.items[0];
  const path = `/v1/incidents/${incident_id}`;
  /** What somebody wants, and what became of it once the alerter has decided. */
  async function wish(what: string, body: object = {}, headers: Record<string, string> = {}) {
    const key = { 'idempotency-key': `wish-number-${wishes++}`, ...headers };
    const answer = await call('POST', `${path}/${what}`, body, key);
    if (answer.status !== 202) return answer;
    await eventually(async () => {
      answer.json = (await get(`${path}/commands/${answer.json.command_id}`)).json;
      expect(answer.json.state).not.toBe('waiting');
    });
    return answer;
  }
  return { incident_id, path, wish, read: () => get(path) };
}

describe('what people decide by the API', () => {
  test('counts once, and only about what they have seen', async () => {
    const { path, wish, read } = await incidentOf('key_busy');
    const unread = await wish('acknowledge', {}, { 'if-match': '"made-up"' });
    expect([unread.status, unread.json.code]).toEqual([412, 'api.changed_meanwhile']);
    expect((await call('POST', `${path}/acknowledge`, {})).status).toBe(400);

    let etag = '';
    const once = () => ({ 'idempotency-key': 'one-and-the-same', 'if-match': etag });
    // While it is being told of, it changes by itself; what was not taken is asked again.
    const first = await eventually(async () => {
      etag = (await read()).etag;
      const answer = await wish('acknowledge', {}, once());
      expect(answer.json).toMatchObject({ state: 'done', told: null });
      return answer;
    });
    expect((await read()).etag).not.toBe(etag);
    // Sent again, as when the answer was lost: the same answer, though the incident is another one now.
    expect((await wish('acknowledge', {}, once())).json).toEqual(first.json);
    expect((await wish('snooze', { minutes: 5 }, once())).status).toBe(409);
    expect((await wish('snooze', { minutes: 5 }, { 'if-match': etag })).status).toBe(412);
    expect((await wish('acknowledge')).json).toMatchObject({
      state: 'refused',
      told: 'on call acknowledged it already.',
    });
    const { json: timeline } = await get(`${path}/timeline`);
    expect(timeline.items.filter(({ kind }: { kind: string }) => kind === 'acknowledged')).toHaveLength(1);
  }, 60_000);

  test('leads from open to snoozed, to a false positive with a note, and back', async () => {
    const { wish, read } = await incidentOf('key_busy');
    await wish('snooze', { minutes: 5 });
    expect((await read()).json.state).toBe('snoozed');
    expect((await wish('resolve', { reason: 'made up' })).status).toBe(400);
    await wish('resolve', { reason: 'false_positive', note: 'a load test' });
    const { json } = await read();
    expect(json).toMatchObject({
      state: 'resolved',
      resolution: { reason: 'false_positive', note: 'a load test', by: { name: 'on call' } },
    });
    expect((await wish('snooze', { minutes: 5 })).json.told).toBe('on call resolved it already.');
    expect((await wish('reopen', { reason: 'it goes on' })).json.state).toBe('done');
    expect((await read()).json.resolution).toBeNull();
  }, 60_000);

  test('stops a key with a reason at its issuer, once, and gives it back', async () => {
    const { wish, read } = await incidentOf('key_stolen');
    const state = async () => (await issuer.read('key_stolen')).state;
    const shown = async (status: string) => {
      const listed = (await get(`/v1/keys?status=${status}`)).json.items as { key_id: string }[];
      expect(listed.map(({ key_id }) => key_id)).toContain('key_stolen');
      expect((await get('/v1/keys/key_stolen')).json.status).toBe(status);
    };
    await shown('active');
    expect((await wish('stop', { reason: ' ' })).status).toBe(400);
    expect(await state()).toBe('active');
    expect((await wish('stop', { reason: 'it was in a gist' })).json.state).toBe('done');
    expect((await wish('stop', { reason: 'it was in a gist' })).json.state).toBe('refused');
    await eventually(async () => expect(await state()).toBe('disabled'));
    await eventually(() => shown('disabled'));

    const [operation] = (await read()).json.operations;
    expect(operation).toMatchObject({ action: 'disable', key_id: 'key_stolen' });
    const undo = `operations/${operation.operation_id}/undo`;
    await eventually(async () => {
      expect((await wish(undo, { reason: 'it was the owner' })).json.state).toBe('done');
    });
    await eventually(async () => expect(await state()).toBe('active'));
    await eventually(() => shown('active'));
    expect(issuer.effects.map(({ action }) => action)).toEqual(['disable', 'enable']);
  }, 60_000);
});

test('who watches live is told in order, and on coming back what was missed', async () => {
  const { wish, read, incident_id } = await incidentOf('key_busy');
  const { seq: begun } = (await read()).json;
  const byPeople = ['escalated', 'resolved', 'reopened'];
  /** What people decided after an event, as it is told live, up to a kind. */
  const told = async (after: string, until: string) => {
    const closed = new AbortController();
    const headers = { authorization, 'last-event-id': after };
    const { body } = await fetch(`${url}/v1/live`, { headers, signal: closed.signal });
    let text = '';
    const events = () =>
      [...text.matchAll(/^id: (\d+)\nevent: incident\ndata: (.*)\n\n/gm)]
        .map(([, id, data]) => ({ id: id!, ...(JSON.parse(data!) as LiveIncident) }))
        .filter((one) => one.incident_id === incident_id && one.seq > begun && byPeople.includes(one.kind));
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (events().some(({ kind }) => kind === until)) break;
    }
    closed.abort();
    return events();
  };
  const watched = told(String(Date.now()), 'reopened');
  await wish('escalate', { reason: 'worse than it looks' });
  await wish('resolve', { reason: 'true_positive_benign' });
  await wish('reopen', { reason: 'it goes on' });
  const events = await watched;
  expect(events.map(({ kind }) => kind)).toEqual(byPeople);
  expect(events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq).toSorted((a, b) => a - b));
  // What was missed comes first, and is told once more by the next look, where nobody else watched.
  const missed = await told(events[1]!.id, 'reopened');
  expect(missed.slice(0, 2)).toEqual(events.slice(1));
}, 60_000);
