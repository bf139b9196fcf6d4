import { expect, test, vi } from 'vitest';
import type { RequestQueue } from './empty-queue-timer.ts';
import { kafkajsModule, requireKnownVersion } from './internals.ts';
import { patchKafkajs } from './patch-kafkajs.ts';

interface Encoder {
  readonly buffer: Buffer;
}

patchKafkajs();

test('another release of kafkajs is refused before it can do harm', () => {
  expect(() => requireKnownVersion('2.2.4')).not.toThrow();
  expect(() => requireKnownVersion('2.3.0')).toThrow('kafkajs 2.3.0 is installed');
});

test('an idle connection plans no timer; one with waiting requests does', () => {
  const Queue = kafkajsModule<new (options: object) => RequestQueue>('network/requestQueue');
  const queue = new Queue({ clientId: 'c', broker: 'b', logger: { debug() {} } });
  queue.scheduleCheckPendingRequests();
  expect(queue.throttleCheckTimeoutId).toBe(null);
  queue.pending.push({});
  queue.scheduleCheckPendingRequests();
  expect(queue.throttleCheckTimeoutId).not.toBe(null);
  clearTimeout(queue.throttleCheckTimeoutId!);
});

test('a throttled connection plans its timer also when nothing waits', () => {
  const Queue = kafkajsModule<new (options: object) => RequestQueue>('network/requestQueue');
  const queue = new Queue({ clientId: 'c', broker: 'b', logger: { debug() {} } });
  queue.throttledUntil = Date.now() + 60_000;
  queue.scheduleCheckPendingRequests();
  expect(queue.throttleCheckTimeoutId).not.toBe(null);
  clearTimeout(queue.throttleCheckTimeoutId!);
});

test('a batch of 150,000 records is decoded, and what a fetch has cut off is left for the next', async () => {
  const count = 150_000;
  const { RecordBatch } = kafkajsModule<{
    RecordBatch(options: { records: object[]; lastOffsetDelta: number }): Promise<Encoder>;
  }>('protocol/recordBatch/v0');
  const Record = kafkajsModule<(record: object) => Encoder>('protocol/recordBatch/record/v0');
  const records = Array.from({ length: count }, (_, offsetDelta) =>
    Record({ offsetDelta, key: null, value: Buffer.from('v') }),
  );
  const { buffer } = await RecordBatch({ records, lastOffsetDelta: count - 1 });
  const fetched = Buffer.concat([Buffer.alloc(4), buffer, buffer.subarray(0, 500)]);
  fetched.writeInt32BE(fetched.length - 4);
  const Decoder = kafkajsModule<new (buffer: Buffer) => object>('protocol/decoder');
  const decode = kafkajsModule<(decoder: object) => Promise<{ offset: bigint }[]>>(
    'protocol/requests/fetch/v4/decodeMessages',
  );
  const decoded = await decode(new Decoder(fetched));
  expect(decoded).toHaveLength(count);
  expect(decoded.at(-1)!.offset).toBe(BigInt(count - 1));
});

/** A member of a group that fetches from a broker of the test's making, at position 5 of its first join. */
function aMember(fetched: Promise<unknown>) {
  const consumerGroup = Object.assign(
    Object.create(kafkajsModule<{ prototype: object }>('consumer/consumerGroup').prototype),
    {
      cluster: {
        refreshMetadataIfNecessary: async () => {},
        findBroker: async () => ({ fetch: () => fetched }),
      },
      subscriptionState: { assigned: () => [], isPaused: () => false },
      seekOffset: { has: () => false },
      preferredReadReplicasPerTopicPartition: {},
      checkForStaleAssignment: () => {},
      filterPartitionsByNode: () => [{ topic: 't', partitions: [0] }],
      getActiveTopicPartitions: () => ({ t: new Set([0]) }),
      seekOffsets: async () => {},
      resolveOffset: vi.fn(),
      offsetManager: { committedOffsets: () => ({ t: { 0: '5' } }), nextOffset: () => '5' },
    },
  );
  const eachBatch = vi.fn();
  const runner = Object.assign(
    Object.create(kafkajsModule<{ prototype: object }>('consumer/runner').prototype),
    {
      consumerGroup,
      eachBatch,
      running: true,
      logger: { debug() {} },
      instrumentationEmitter: { emit() {} },
      heartbeat: async () => {},
    },
  );
  const joinAgain = () => {
    consumerGroup.offsetManager = { ...consumerGroup.offsetManager };
  };
  return { consumerGroup, runner, eachBatch, joinAgain };
}

const response = (messages: object[]) => ({
  responses: [{ topicName: 't', partitions: [{ partition: 0, highWatermark: '9', messages }] }],
});
const record = { offset: '5', key: null, value: null };

test('a batch of this generation reaches the handler', async () => {
  const { consumerGroup, runner, eachBatch } = aMember(Promise.resolve(response([record])));
  for (const batch of await consumerGroup.fetch('1')) await runner.handleBatch(batch);
  expect(eachBatch).toHaveBeenCalledTimes(1);
});

test('a batch that was on its way while the member joined again does not step over records', async () => {
  const answer = Promise.withResolvers<unknown>();
  const { consumerGroup, runner, eachBatch, joinAgain } = aMember(answer.promise);
  const fetching = consumerGroup.fetch('1');
  joinAgain();
  answer.resolve(response([record]));
  for (const batch of await fetching) await runner.handleBatch(batch);
  expect(eachBatch).not.toHaveBeenCalled();
});

test('a batch that waited for the handler while the member joined again moves no position', async () => {
  const onlyControl = { ...record, isControlRecord: true };
  const { consumerGroup, runner, joinAgain } = aMember(Promise.resolve(response([onlyControl])));
  const batches = await consumerGroup.fetch('1');
  joinAgain();
  for (const batch of batches) await runner.handleBatch(batch);
  expect(consumerGroup.resolveOffset).not.toHaveBeenCalled();
});
