import { silentLogger } from '@tripkey/service-kit/testing';
import { expect, test } from 'vitest';
import { openKafka } from './open-kafka.ts';
import { requireTopics } from './require-topics.ts';

const topics = [{ topic: 'tripkey.test', partitions: 1 }];

/** A clock on which every wait is over at once. */
const hasty = { now: () => 0, sleep: async () => {} };
const parts = { clock: hasty, log: silentLogger };

/** An error as kafkajs gives up with it. */
const gaveUp = (name: string, message: string, code?: string) =>
  Object.assign(new Error('gave up', { cause: Object.assign(new Error(message), { name, code }) }), {
    name: 'KafkaJSNumberOfRetriesExceeded',
  });

test('Kafka that is away is waited for', async () => {
  const errors = [
    gaveUp('KafkaJSConnectionError', 'Connection error: connect ECONNREFUSED', 'ECONNREFUSED'),
    gaveUp('KafkaJSConnectionError', 'Connection timeout'),
    gaveUp('KafkaJSRequestTimeoutError', 'Request Metadata timed out'),
  ];
  let asked = 0;
  const ensureTopics = async () => {
    const error = errors[asked++];
    if (error) throw error;
  };
  await requireTopics({ ensureTopics }, topics, parts, new AbortController().signal);
  expect(asked).toBe(4);
});

test.each([
  gaveUp('KafkaJSSASLAuthenticationError', 'SASL PLAIN authentication failed'),
  gaveUp(
    'KafkaJSConnectionError',
    'Connection error: self-signed certificate',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
  ),
])('$cause.message: that is told at once', async (error) => {
  const ensureTopics = () => Promise.reject(error);
  await expect(requireTopics({ ensureTopics }, topics, parts, new AbortController().signal)).rejects.toBe(
    error,
  );
});

test('what kafkajs itself says of a port on which nobody listens is that Kafka is away, and who stops waits no longer', async () => {
  await using kafka = await openKafka({
    ...{ brokers: ['127.0.0.1:1'], clientId: 'tripkey-test', retriesMax: 0 },
  });
  const stop = new AbortController();
  let waits = 0;
  const clock = {
    now: () => 0,
    sleep: async () => {
      if (++waits === 2) stop.abort();
    },
  };
  await requireTopics(kafka, topics, { clock, log: silentLogger }, stop.signal);
  expect(waits).toBe(2);
});
