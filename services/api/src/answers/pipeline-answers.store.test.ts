import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, anApi } from '../testing/an-api.ts';

let under: ApiUnderTest;
beforeAll(async () => {
  under = await anApi(clickHouseConfig());
}, 60_000);
afterAll(() => under[Symbol.asyncDispose]());

test('what gateways say of themselves stands beside what came from them', async () => {
  const now = Date.now();
  const minutesAgo = (minutes: number) => now - minutes * 60_000;
  const events = Array.from({ length: 60 }, (_, i) => ({
    ...{ ts: minutesAgo(500 - i), arrived_at: minutesAgo(500 - i), event_id: `e${i}`, key_id: 'key_a' },
    ...{ gateway: i % 2 ? 'edge-idle' : 'edge-plain', gateway_seq: Math.floor(i / 2) + 1 },
  }));
  await under.store.insert('requests_raw_v1', events, 'events');
  const beat = (gateway: string, changes: object = {}) => ({
    ...{ gateway, started_at: minutesAgo(600), sent_at: minutesAgo(1), heard_at: minutesAgo(1), every_s: 30 },
    ...{
      ended: 0,
      emitted: 30,
      sent: 30,
      waiting: 0,
      retries: 0,
      dropped: {},
      emitter: 'a test',
      ...changes,
    },
  });
  const beats = [
    beat('edge-idle'),
    beat('edge-idle', { sent_at: minutesAgo(2), heard_at: minutesAgo(2), emitted: 7 }),
    beat('edge-anew', {
      started_at: minutesAgo(900),
      heard_at: minutesAgo(400),
      dropped: { closed: 4, invalid: 1 },
    }),
    beat('edge-anew', { emitted: 90, waiting: 70, dropped: { buffer_full: 20, invalid: 2 } }),
    beat('edge-long-ago', { sent_at: minutesAgo(2_000), heard_at: minutesAgo(2_000) }),
  ];
  await under.store.insert('gateway_heartbeats_v1', beats, 'beats');

  const { status, json } = await under.call('GET', '/v1/pipeline');
  expect(status).toBe(200);
  expect(json.gateways).toMatchObject([
    {
      ...{ gateway: 'edge-idle', blind: false, missing_24h: 0 },
      heartbeat: {
        state: 'alive',
        emitted: 30,
        runs_24h: 1,
        dropped: {},
        last_at: new Date(minutesAgo(1)).toISOString(),
      },
    },
    { gateway: 'edge-plain', blind: true, heartbeat: null },
    {
      ...{ gateway: 'edge-anew', blind: true, last_event_at: null, events_24h: 0 },
      heartbeat: { waiting: 70, runs_24h: 2, dropped: { closed: 4, invalid: 3, buffer_full: 20 } },
    },
  ]);
  expect(json.faults).toContain('gateway edge-anew is silent');
});

test('a stream that holds everything up is named, with since when nothing was heard of it', async () => {
  const now = Date.now();
  const rows = [
    { partition: 0, stored_until: now, at: now },
    { partition: 1, stored_until: now - 600_000, at: now - 500_000 },
    { partition: 2, stored_until: now - 300_000, at: now },
  ].map((row) => ({ topic: 'http', offset: 5, lag: 0, ...row }));
  await under.store.insert('ingest_progress_v1', rows, 'progress');
  const { json } = await under.call('GET', '/v1/pipeline');
  const iso = (at: number) => new Date(at).toISOString();
  expect(json.faults.filter((fault: string) => fault.startsWith('http/'))).toEqual([
    `http/1 is stored until ${iso(now - 600_000)} only, and was not heard of since ${iso(now - 500_000)}: all judging waits for it. If it is gone for good: tripkey streams retire http/1`,
    `http/2 is stored until ${iso(now - 300_000)} only: all judging waits for it`,
  ]);
});
