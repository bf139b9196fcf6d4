import { migrate, openStore } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickHouseIncidentLog } from './clickhouse-incident-log.ts';
import { clickHouseTraffic } from './respond/traffic.ts';
import { describeIncidentLog } from './testing/describe-incident-log.ts';

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
