import { eventually } from '@tripkey/service-kit/testing';
import { describeWithKafka, kafkaBrokers, uniqueName } from '@tripkey/test/harness';
import { Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';
import { Recorder } from '../testing/recorder.ts';
import { openKafka } from './open-kafka.ts';

const open = (options: { idempotent?: boolean } = {}) =>
  openKafka({ brokers: kafkaBrokers(), clientId: 'records', waitMsMax: 100, ...options });

/** What the port has no word for: topics with settings, and records that go away. */
async function withAdmin<T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const kafka = new Kafka({ brokers: kafkaBrokers(), clientId: 'records-admin', logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function newTopic(settings: Record<string, string> = {}): Promise<string> {
  const topic = uniqueName('records');
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await withAdmin((admin) =>
    admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }], waitForLeaders: true }),
  );
  return topic;
}

describeWithKafka('records over Kafka', () => {
  // The broker compresses again what it gets, with the same Java code that producers use.
  test.each(['gzip', 'snappy', 'lz4', 'zstd'])('records compressed with %s are read', async (codec) => {
    await using broker = await open();
    const topic = await newTopic({ 'compression.type': codec });
    const values = Array.from({ length: 2_000 }, (_, i) => `value ${i} ${'lead '.repeat(i % 40)}`);
    await broker.sink(topic).send(values.map((value) => ({ value })));
    const stop = new AbortController();
    const recorder = new Recorder();
    const run = broker.source(topic, topic).run(recorder, stop.signal);
    await eventually(() => expect(recorder.taken).toHaveLength(values.length));
    expect(recorder.values).toEqual(values);
    stop.abort();
    await run;
  });

  test.each([false, true])(
    'more than a broker takes at once is sent in order (idempotent: %s)',
    async (idempotent) => {
      await using broker = await open({ idempotent });
      const topic = await newTopic();
      const values = Array.from({ length: 4_000 }, (_, i) => `${i} ${'x'.repeat(1_000)}`);
      await broker.sink(topic).send(values.map((value) => ({ value, headers: { n: 'm' } })));
      const stop = new AbortController();
      const recorder = new Recorder();
      const run = broker.source(topic, topic).run(recorder, stop.signal);
      await eventually(() => expect(recorder.taken).toHaveLength(values.length));
      expect(recorder.values).toEqual(values);
      stop.abort();
      await run;
    },
  );

  test('a record that no broker takes is refused, not lost', async () => {
    await using broker = await open();
    const topic = await newTopic();
    const tooLarge = { value: Buffer.alloc(2 * 2 ** 20) };
    await expect(broker.sink(topic).send([{ value: 'fits' }, tooLarge])).rejects.toThrow(/larger|large/i);
  });

  test('records that are gone are stepped over and named, and what the group has committed stays', async () => {
    await using broker = await open();
    const topic = await newTopic();
    await broker.sink(topic).send(Array.from({ length: 10 }, (_, i) => ({ value: `${i}` })));
    await joined(async (recorder) => {
      await recorder.lease.commit(0, 2n, 'intent');
    });
    await withAdmin(async (admin) => {
      // kafkajs deletes only from topics that it has looked at before.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] });
    });
    for (let again = 0; again < 2; again++) {
      await joined(async (recorder) => {
        await eventually(() => expect(recorder.values).toEqual(['6', '7', '8', '9']));
        expect(recorder.lease.committed.get(0)).toEqual({ offset: 2n, metadata: 'intent' });
        expect(recorder.lostRanges).toEqual([[0, 2n, 6n]]);
      });
    }

    async function joined(work: (recorder: Recorder) => Promise<void>) {
      const stop = new AbortController();
      const recorder = new Recorder();
      const run = broker.source(topic, topic).run(recorder, stop.signal);
      await eventually(() => recorder.lease);
      await work(recorder);
      stop.abort();
      await run;
    }
  });
});
