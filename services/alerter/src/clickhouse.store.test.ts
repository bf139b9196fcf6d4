import { aFinding } from '@tripkey/contract/testing';
import { Metrics, systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import { findingToRow, migrate, openStore } from '@tripkey/store';
import { InMemoryBroker } from '@tripkey/stream/memory';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alerter } from './alerter.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { clickHouseAuditLog } from './audit/clickhouse-audit-log.ts';
import { verifyStoredAudit } from './audit/verify-stored-audit.ts';
import { clickHouseIncidentLog } from './clickhouse-incident-log.ts';
import { onStore } from './on-store.ts';
import { clickHouseCommandQueue } from './people/clickhouse-command-queue.ts';
import { clickHouseSilenceBook } from './people/clickhouse-silence-book.ts';
import { Silence } from './people/silence.ts';
import { readPastFacts } from './respond/past-facts.ts';
import { clickHouseTraffic } from './respond/traffic.ts';
import { aPolicy } from './testing/a-policy.ts';
import { describeIncidentLog } from './testing/describe-incident-log.ts';
import { FakeChannel } from './testing/fake-channel.ts';
import { FakeIssuer } from './testing/fake-issuer.ts';

describeIncidentLog('the incident log in ClickHouse', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  const store = openStore(config);
  return { log: clickHouseIncidentLog(store), close: async () => store[Symbol.asyncDispose]() };
});

describe('traffic in ClickHouse', () => {
  const config = clickHouseConfig();
  const store = openStore(config);
  const traffic = clickHouseTraffic(store);
  const stop = Date.parse('2026-03-02T10:00:00.000Z');

  beforeAll(() => migrate(config));
  afterAll(() => store[Symbol.asyncDispose]());

  const request = (event_id: string, at: number, outcome = 'valid') => ({
    ...{ event_id, outcome, key_id: "key'1", status: 200, ts: new Date(at).toISOString() },
    arrived_at: new Date(at).toISOString(),
  });

  test('before anything was taken in there is no frontier and no request', async () => {
    expect(await traffic.frontier()).toBeNull();
    expect(await traffic.acceptedSince("key'1", stop)).toMatchObject({ accepted: 0 });
  });

  test('only requests that were let through after the time count, each once', async () => {
    const rows = [
      request('a', stop),
      request('b', stop + 1, 'disabled'),
      request('c', stop + 500),
      request('c', stop + 500),
      request('d', stop + 900),
    ];
    await store.insert('requests_raw_v1', rows, 'some-requests');
    expect(await traffic.acceptedSince("key'1", stop)).toEqual({
      accepted: 2,
      firstAt: stop + 500,
      lastAt: stop + 900,
    });
    expect(await traffic.activeKeys(stop - 60_000)).toBe(1);
  });

  test('the frontier is the least of all partitions', async () => {
    const at = new Date(stop).toISOString();
    const progress = (partition: number, untilMs: number) => ({
      ...{ topic: 't', partition, offset: 1, lag: 0, at },
      stored_until: new Date(untilMs).toISOString(),
    });
    await store.insert(
      'ingest_progress_v1',
      [progress(0, stop + 5000), progress(1, stop + 2000)],
      'progress',
    );
    expect(await traffic.frontier()).toBe(stop + 2000);
  });
});

test('an alerter on ClickHouse whose broker forgets tells and stops once, over restarts', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  const channel = new FakeChannel();
  const issuer = new FakeIssuer();
  const now = new Date().toISOString();
  await store.insert('findings_v1', [findingToRow(aFinding({ detected_at: now }))], 'a-finding');
  const progress = { topic: 't', partition: 0, offset: 1, lag: 0, at: now, stored_until: now };
  await store.insert('ingest_progress_v1', [progress], 'progress');

  for (const until of ['Disabling', 'Key stopped', 'Key stopped']) {
    const stop = new AbortController();
    const running = alerter(
      {
        ...onStore(store),
        findings: new InMemoryBroker().source('findings', 'alerter'),
        notifier: channel,
        issuers: new Map([['keys', issuer]]),
        policy: aPolicy({ rules: [{ mode: 'act' }] }),
        incidents: { groups: new Map() },
        clock: systemClock,
        log: silentLogger,
        metrics: new Metrics(),
        recover: true,
      },
      stop.signal,
    );
    await eventually(() => expect(channel.replies.some((reply) => reply.startsWith(until))).toBe(true));
    stop.abort();
    await running;
  }
  const ids = channel.messages.map((message) => message.deliveryId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(channel.parents).toHaveLength(1);
  expect(issuer.done).toHaveLength(1);
});

describe('the audit log in ClickHouse', () => {
  const config = clickHouseConfig();
  const store = openStore(config);
  const log = clickHouseAuditLog(store);

  beforeAll(() => migrate(config));
  afterAll(() => store[Symbol.asyncDispose]());

  const writeChain = async (...data: string[]) => {
    const trail = new AuditTrail({ log, clock: systemClock });
    const entry = { kind: 'click_refused', actor: "slack:U'1\\", incident_id: '', incident_seq: 0 };
    for (const one of data) {
      trail.add([{ ...entry, at: Date.parse('2026-03-02T10:00:00.123Z'), data: one }]);
      await trail.flush();
    }
  };

  test('gives back what makes its hashes, chain after chain', async () => {
    await writeChain('one', 'Ünïcødé "\n\t\\', '{"a":1}');
    await writeChain('four');
    await writeChain('five');
    const verdict = await verifyStoredAudit(store);
    expect(verdict).toMatchObject({ chains: 3, lines: 8, faults: [] });
    expect(verdict.heads).toHaveLength(1);
  });

  test('shows a line that was taken out and one that was edited', async () => {
    const sync = 'SETTINGS mutations_sync = 1';
    await store.command(`ALTER TABLE audit_v1 DELETE WHERE data = '{"a":1}' ${sync}`);
    const cut = (await verifyStoredAudit(store)).faults;
    expect(cut.map(({ fault }) => fault)).toEqual(['cut_off']);
    await store.command(`ALTER TABLE audit_v1 UPDATE actor = 'nobody' WHERE data = 'four' ${sync}`);
    const edited = (await verifyStoredAudit(store)).faults;
    expect(edited.map(({ fault }) => fault).toSorted()).toEqual(['cut_off', 'edited']);
  });
});

test('commands in ClickHouse come back as they were sent, once', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  const queue = clickHouseCommandQueue(store);
  const at = Date.parse('2026-03-02T23:59:59.999Z');
  const head = { incident_id: 'inc_1', by: 'slack:U1', by_name: "O'Neil" };
  const stop = { kind: 'stop', command_id: 'command-1', at, reason: 'stolen\n', ...head } as const;
  const snooze = { kind: 'snooze', command_id: 'command-2', at: at + 2, for_ms: 3_600_000, ...head } as const;
  await queue.send(stop);
  await queue.send(stop);
  await queue.send(snooze);
  const { kind: _, ...unknown } = { ...stop, command_id: 'command-3' };
  await queue.send({ ...unknown, kind: 'of_a_newer_release' } as never);
  expect(await queue.since(at)).toEqual([stop, snooze]);
  expect(await queue.since(at + 1)).toEqual([snooze]);
});

test('silences in ClickHouse end early when they are ended, and count what they hid', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  const book = clickHouseSilenceBook(store);
  const now = Date.parse('2026-03-02T10:00:00.000Z');
  const times = { created_at: now, until: now + 3_600_000 };
  const silence = Silence.parse({
    silence_id: 'silence-1',
    ...times,
    by: 'a',
    reason: "it's us",
    key_id: 'k',
  });
  await book.put(silence, now);
  const event = { incident_id: 'inc_1', seq: 1, at: now, subject: { kind: 'key', id: 'k' } } as const;
  const hidden = { kind: 'silenced', silence_id: 'silence-1', until: silence.until } as const;
  await clickHouseIncidentLog(store).append([{ ...event, ...hidden }]);
  expect(await book.since(now)).toEqual([{ ...silence, hid: 1 }]);
  await book.put({ ...silence, until: now + 60_000 }, now + 60_000);
  expect(await book.since(now + 60_001)).toEqual([]);
});

test('the kill switch in ClickHouse stands as it was turned last', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  const { killSwitch, traffic } = onStore(store);
  expect(await killSwitch.state()).toBeNull();
  const at = Date.parse('2026-03-02T10:00:00.123Z');
  const on = { isOn: true, by: 'cli:alice', reason: "it's us", at };
  await killSwitch.turn(on);
  expect(await killSwitch.state()).toEqual(on);
  await killSwitch.turn({ ...on, isOn: false, at: at + 1 });
  expect(await killSwitch.state()).toMatchObject({ isOn: false });
  expect(await traffic.shareOf('key_of_nobody', at)).toBe(0);
});

test('a policy that is tried sees the shares of traffic and the kill switch as they were', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  const noon = Date.parse('2026-03-02T12:00:00.000Z');
  const hourMs = 3_600_000;
  const made = (key_id: string, at: number, count: number) =>
    Array.from({ length: count }, (_, n) => ({
      ...{ event_id: `${key_id}-${at}-${n}`, key_id, status: 200, outcome: 'valid', _topic: 't' },
      ...{ ts: new Date(at).toISOString(), arrived_at: new Date(at).toISOString() },
    }));
  const rows = [
    ...made("key'1", noon - 30 * hourMs, 9),
    ...made("key'1", noon - hourMs, 3),
    ...made('key_2', noon - hourMs, 5),
    ...made('key_3', noon, 4),
  ];
  await store.insert('requests_raw_v1', rows, 'past-rows');
  const { killSwitch } = onStore(store);
  const turn = { by: 'cli:alice', reason: 'a load test' };
  await killSwitch.turn({ ...turn, isOn: true, at: noon - hourMs });
  await killSwitch.turn({ ...turn, isOn: false, at: noon });
  const span = { from: noon - 2 * hourMs, to: noon + hourMs };
  const past = await readPastFacts(store, { protectedTrafficShare: 0.3 }, span);
  expect(past.trafficShare("key'1", noon + 60_000)).toBe(0.25);
  expect((await readPastFacts(store, {}, span)).trafficShare('key_2', noon)).toBe(0);
  expect(past.trafficShare('key_2', noon - 60_000)).toBe(5 / 8);
  expect(past.trafficShare('key_of_nobody', noon)).toBe(0);
  expect([-2 * hourMs, -1, 0].map((ms) => past.killedBy(noon + ms))).toEqual([null, 'cli:alice', null]);
  expect(past.activeKeys).toBe(3);
});

test('a survey tells what is odd from what the key always did, each request once', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  const began = Date.parse('2026-03-09T10:00:00.000Z');
  const dayMs = 86_400_000;
  const request = (at: number, n: number, changes: object = {}) => ({
    ...{
      event_id: `${at}-${n}`,
      key_id: "key'1",
      status: 200,
      outcome: 'valid',
      method: 'GET',
      route: '/v1/leads',
    },
    ...{ network: '203.0.113.0/24', country: 'DE', ts: new Date(at).toISOString(), _topic: 't' },
    ...{ arrived_at: new Date(at).toISOString(), ...changes },
  });
  const days = [3, 2, 1].flatMap((day) => [1, 2].map((n) => request(began - day * dayMs + 60_000, n)));
  const thief = { network: '198.51.100.0/24', country: 'RO' };
  const odd = [1, 2, 3, 4].map((n) => request(began + 30_000, n, thief));
  const rows = [
    ...days,
    ...odd,
    request(began + 40_000, 1),
    request(began + 30_000, 4, { ...thief, is_repeat: 1 }),
    request(began + 50_000, 1, { ...thief, outcome: 'disabled' }),
    request(began + 50_000, 2, { key_id: 'key_2' }),
  ];
  await store.insert('requests_raw_v1', rows, 'survey-rows');
  const span = { sinceMs: began, untilMs: began + 120_000 };
  const { surveyor } = onStore(store);
  const { blast_radius, chart } = await surveyor.survey("key'1", span, new AbortController().signal);
  expect(blast_radius).toMatchObject({ requests: 5, familiar: 1, networks_total: 2 });
  expect(blast_radius?.networks).toEqual([
    { network: '198.51.100.0/24', country: 'RO', requests: 4, is_familiar: false },
    { network: '203.0.113.0/24', country: 'DE', requests: 1, is_familiar: true },
  ]);
  expect(blast_radius?.usual_per_hour).toBeCloseTo(6 / 71.98, 3);
  expect(chart?.seen.slice(-2)).toEqual([0, 6]);
  expect(chart?.usual?.slice(-2)).toEqual([0, 2]);
  const nobody = await surveyor.survey('key_of_nobody', span, new AbortController().signal);
  expect(nobody).toEqual({ chart: null, blast_radius: null });
});
