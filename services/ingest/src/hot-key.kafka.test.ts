import { anEvent } from '@tripkey/contract/testing';
import { Metrics, systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import type { Block } from '@tripkey/store';
import { openKafka } from '@tripkey/stream/kafka';
import { describeWithKafka, kafkaBrokers, uniqueName } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import { ingest } from './ingest.ts';
import { aPipeline, RecordingStore } from './testing/index.ts';

const hotEvents = 9_500;
const otherEvents = 500;
/** Of the hot partition more than 2 MB come; no more than this may be held of it. */
const heldBytesMax = 2 ** 20;

/** A store that cannot keep up with one partition. */
class StoreBehindOnHotKey extends RecordingStore {
  readonly caughtUp = Promise.withResolvers<void>();
  hotPartition = -1;

  override async insertBlock(table: string, block: Block, token: string): Promise<void> {
    if (token.split(':')[1] === String(this.hotPartition)) await this.caughtUp.promise;
    await super.insertBlock(table, block, token);
  }
}

describeWithKafka('one key that sends 95 % of all events', () => {
  test('delays nobody in other partitions, and takes no more memory than its bound', async () => {
    const topic = uniqueName('hot');
    await using broker = await openKafka({
      brokers: kafkaBrokers(),
      clientId: 'hot-key-test',
      waitMsMax: 100,
      partitionBytesMax: 128 * 1024,
      idempotent: true,
    });
    await broker.ensureTopics([
      { topic, partitions: 3 },
      { topic: `${topic}-dlq`, partitions: 1 },
    ]);
    const events = Array.from({ length: hotEvents + otherEvents }, (_, i) =>
      anEvent({ event_id: `e${i}`, key_id: i % 20 === 0 ? `key_${i % 97}` : 'hot' }),
    );
    for (let i = 0; i < events.length; i += 5_000) {
      const some = events.slice(i, i + 5_000);
      await broker
        .sink(topic)
        .send(some.map((event) => ({ key: event.key_id, value: JSON.stringify(event) })));
    }
    const places = new Map<string, number>();
    await readPlaces(broker, topic, events.length, places);

    const store = new StoreBehindOnHotKey();
    store.hotPartition = places.get('hot')!;
    const metrics = new Metrics();
    const stop = new AbortController();
    const running = ingest(
      {
        topic,
        source: broker.source(topic, topic),
        deadLetters: broker.sink(`${topic}-dlq`),
        store,
        pipeline: aPipeline(),
        clock: systemClock,
        log: silentLogger,
        metrics,
        batch: { rowsMax: 500, ageMsMax: 200 },
      },
      stop.signal,
    );
    const elsewhere = events.filter(({ key_id }) => places.get(key_id) !== store.hotPartition);
    expect(elsewhere.length).toBeGreaterThan(50);
    await eventually(async () => {
      expect(store.rows('requests_raw_v1')).toHaveLength(elsewhere.length);
      expect(await gaugeOf(metrics, 'tripkey_ingest_paused_partitions')).toBe(1);
    });
    expect(await gaugeOf(metrics, 'tripkey_ingest_buffered_bytes')).toBeLessThan(heldBytesMax);

    store.caughtUp.resolve();
    await eventually(() => expect(store.rows('requests_raw_v1')).toHaveLength(events.length));
    expect(new Set(store.rows('requests_raw_v1').map(({ event_id }) => event_id)).size).toBe(events.length);
    stop.abort();
    await running;
  });
});

/** Reads a topic to its end and notes which partition each key is in. */
async function readPlaces(
  broker: Awaited<ReturnType<typeof openKafka>>,
  topic: string,
  count: number,
  places: Map<string, number>,
): Promise<void> {
  const done = new AbortController();
  let read = 0;
  await broker.source(topic, `${topic}-places`).run(
    {
      assigned: async () => {},
      records: async (_, partition, records) => {
        for (const { key } of records) places.set(Buffer.from(key!).toString(), partition);
        read += records.length;
        if (read === count) done.abort();
      },
    },
    done.signal,
  );
}

async function gaugeOf(metrics: Metrics, name: string): Promise<number> {
  return Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(await metrics.text())?.[1]);
}
