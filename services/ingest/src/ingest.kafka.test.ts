import { anEvent } from '@tripkey/contract/testing';
import { Metrics, systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import { defineQuestion, migrate, openStore } from '@tripkey/store';
import type { StreamRecord } from '@tripkey/stream';
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

    /** Runs ingest until the database holds that many rows and dead letters and every partition is idle. */
    async function ingestUntil(rows: number, deadLetters: number): Promise<void> {
      const stop = new AbortController();
      const running = ingest(
        {
          topic,
          source: broker.source(topic, topic),
          deadLetters: broker.sink(dlq),
          store,
          pipeline: aPipeline({ ageDaysMax: 100_000 }),
          clock: systemClock,
          log: silentLogger,
          metrics: new Metrics(),
          batch: { rowsMax: 50, ageMsMax: 200 },
        },
        stop.signal,
      );
      const arrived = eventually(async () => {
        const [now] = await store.ask(count, {});
        expect(now).toEqual({
          rows,
          places: rows,
          requests: rows,
          dead_letters: deadLetters,
          idle_partitions: 3,
        });
      });
      await Promise.race([arrived, running.then(() => Promise.reject(new Error('ingest ended by itself')))]);
      stop.abort();
      await running;
    }

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
});
