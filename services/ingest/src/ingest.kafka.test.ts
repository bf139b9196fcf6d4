import { anEvent } from '@tripkey/contract/testing';
import { Metrics, systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import { defineQuestion, migrate, openStore, type Store } from '@tripkey/store';
import type { Broker, Source, StreamRecord } from '@tripkey/stream';
import { openKafka } from '@tripkey/stream/kafka';
import { clickHouseConfig, describeWithKafka, kafkaBrokers, uniqueName } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ingest } from './ingest.ts';
import { aPipeline } from './testing/index.ts';

const count = defineQuestion({
  name: 'test-count',
  sql: `
    SELECT
        (SELECT count() FROM requests_raw_v1) AS rows,
        (SELECT uniqExact(_partition, _offset, _idx) FROM requests_raw_v1) AS places,
        (SELECT sum(requests) FROM usage_per_minute_v1) AS requests,
        (SELECT count() FROM dead_letters_v1) AS dead_letters,
        (SELECT count() FROM ingest_progress_v1 FINAL WHERE stored_until = at) AS idle_partitions`,
  params: z.object({}),
  row: z.object({
    rows: z.number(),
    places: z.number(),
    requests: z.number(),
    dead_letters: z.number(),
    idle_partitions: z.number(),
  }),
});

describeWithKafka('ingest from Kafka into ClickHouse', () => {
  test('stores each event once, also over a restart, and sends what it cannot use to the dead letters', async () => {
    const config = clickHouseConfig();
    await migrate(config);
    await using store = openStore(config);
    await using broker = await openKafka({
      brokers: kafkaBrokers(),
      clientId: 'ingest-test',
      waitMsMax: 100,
      // What is sent is to be there once: the test counts it.
      idempotent: true,
    });
    const topic = uniqueName('events');
    const dlq = uniqueName('dlq');
    await broker.ensureTopics([
      { topic, partitions: 3 },
      { topic: dlq, partitions: 1 },
    ]);

    const ingestUntil = (rows: number, deadLetters: number) =>
      runUntil({ broker, store, topic, group: topic, dlq }, async () => {
        const [now] = await store.ask(count, {});
        expect(now).toEqual({
          rows,
          places: rows,
          requests: rows,
          dead_letters: deadLetters,
          idle_partitions: 3,
        });
      });

    const send = (from: number, to: number) =>
      broker.sink(topic).send(
        Array.from({ length: to - from }, (_, i) => ({
          key: `key_${i % 7}`,
          value: JSON.stringify([
            anEvent({ event_id: `e${from + i}` }),
            anEvent({ event_id: `f${from + i}` }),
          ]),
        })),
      );

    await send(0, 200);
    await broker.sink(topic).send([{ value: 'not json' }]);
    await ingestUntil(400, 1);
    await send(200, 300);
    await ingestUntil(600, 1);

    const letters: StreamRecord[] = [];
    const stop = new AbortController();
    const reading = broker.source(dlq, dlq).run(
      {
        assigned: async () => {},
        records: async (_, __, records) => void letters.push(...records),
      },
      stop.signal,
    );
    await eventually(() => expect(letters).toHaveLength(1));
    stop.abort();
    await reading;
    expect(JSON.parse(Buffer.from(letters[0]!.value!).toString())).toMatchObject({
      reason: 'not_json',
      original: 'not json',
      _topic: topic,
    });
    expect(Buffer.from(letters[0]!.key!).toString()).toMatch(new RegExp(`^${topic}/\\d/\\d+/0$`));
  });

  test('the same topic read from its beginning again moves no count, whatever the batches are', async () => {
    const config = clickHouseConfig();
    await migrate(config);
    await using store = openStore(config);
    await using broker = await openKafka({ ...connection(), idempotent: true });
    const topic = uniqueName('again');
    const dlq = `${topic}-dlq`;
    await broker.ensureTopics([
      { topic, partitions: 3 },
      { topic: dlq, partitions: 1 },
    ]);
    const events = Array.from({ length: 500 }, (_, i) => ({
      key: `key_${i % 7}`,
      // Some clocks are ahead: their events are clamped to the arrival, which is another one the second time.
      value:
        i === 250
          ? 'not json'
          : JSON.stringify(anEvent({ event_id: `e${i}`, ts: Date.now() + (i % 10) * 120_000 })),
    }));
    await broker.sink(topic).send(events);
    for (const [group, rowsMax] of [
      ['first', 50],
      ['second', 37],
    ] as const) {
      await runUntil({ broker, store, topic, group: `${topic}-${group}`, dlq, rowsMax }, async (source) => {
        expect(source.handedOut).toBeGreaterThanOrEqual(500);
        expect(await store.ask(count, {})).toEqual([
          { rows: 499, places: 499, requests: 499, dead_letters: 1, idle_partitions: 3 },
        ]);
      });
    }
  });
});

const connection = () => ({ brokers: kafkaBrokers(), clientId: 'ingest-test', waitMsMax: 100 });

interface RunParts {
  readonly broker: Broker;
  readonly store: Store;
  readonly topic: string;
  readonly group: string;
  readonly dlq: string;
  readonly rowsMax?: number;
}

/** Runs ingest until `check` holds; then stops it. */
async function runUntil(
  { broker, store, topic, group, dlq, rowsMax = 50 }: RunParts,
  check: (source: { handedOut: number }) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const seen = { handedOut: 0 };
  const inner = broker.source(topic, group);
  const source: Source = {
    run: (handler, over) =>
      inner.run(
        {
          assigned: (lease) => handler.assigned(lease),
          revoked: async (lease) => handler.revoked?.(lease),
          lost: async (lease, partition, from, to) => handler.lost?.(lease, partition, from, to),
          records: async (lease, partition, records) => {
            seen.handedOut += records.length;
            await handler.records(lease, partition, records);
          },
        },
        over,
      ),
  };
  const running = ingest(
    {
      topic,
      source,
      deadLetters: broker.sink(dlq),
      store,
      pipeline: aPipeline({ ageDaysMax: 100_000 }),
      clock: systemClock,
      log: silentLogger,
      metrics: new Metrics(),
      batch: { rowsMax, ageMsMax: 200 },
    },
    stop.signal,
  );
  const arrived = eventually(() => check(seen));
  await Promise.race([arrived, running.then(() => Promise.reject(new Error('ingest ended by itself')))]);
  stop.abort();
  await running;
}
