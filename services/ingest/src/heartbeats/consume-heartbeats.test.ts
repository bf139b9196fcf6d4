import { topics } from '@tripkey/contract';
import { aHeartbeat } from '@tripkey/contract/testing';
import { Metrics, systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import { InMemoryBroker } from '@tripkey/stream/memory';
import { expect, test } from 'vitest';
import { aHeartbeatReader, RecordingStore } from '../testing/index.ts';
import { consumeHeartbeats } from './consume-heartbeats.ts';

test('what gateways say on the topic is stored, what is none is dead-lettered, and much of it stops nothing', async () => {
  const broker = new InMemoryBroker();
  await broker.ensureTopics([{ topic: topics.gateways, partitions: 1 }]);
  const store = new RecordingStore();
  const stop = new AbortController();
  const running = consumeHeartbeats(
    {
      source: broker.source(topics.gateways, 'gateways'),
      deadLetters: broker.sink(topics.deadLetters),
      ...{ store, clock: systemClock, log: silentLogger, metrics: new Metrics() },
      ...{ heartbeats: aHeartbeatReader(), ageMsMax: 1 },
    },
    stop.signal,
  );
  const broken = Array.from({ length: 1_200 }, () => ({ key: 'edge-9', value: '{"gateway":7}' }));
  await broker
    .sink(topics.gateways)
    .send([
      ...broken,
      { key: 'edge-9', value: null },
      { key: 'edge-1', value: JSON.stringify(aHeartbeat({ started_at: '2026-03-01T00:00:00Z' })) },
      { key: 'edge-1', value: JSON.stringify(aHeartbeat()) },
    ]);
  await eventually(() => expect(broker.committed(topics.gateways, 'gateways', 0).offset).toBe(1_203n));
  stop.abort();
  await running;
  const rows = store.rows('gateway_heartbeats_v1');
  expect(rows.map(({ started_at }) => new Date(Number(started_at)).toISOString())).toEqual([
    '2026-03-01T00:00:00.000Z',
    '2026-03-02T09:00:00.000Z',
  ]);
  expect(Math.abs(Date.now() - Number(rows[0]!.heard_at))).toBeLessThan(60_000);
  expect(store.rows('dead_letters_v1')).toHaveLength(1_200);
  expect(store.rows('ingest_progress_v1')).toEqual([]);
});
