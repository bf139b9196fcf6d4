import { type Admin, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import type { Broker, Sink, Source, TopicSpec } from '../broker.ts';
import { type KafkaLog, type KafkaOptions, kafkaSettings } from './kafka-settings.ts';
import { KafkaSink } from './kafka-sink.ts';
import { KafkaSource } from './kafka-source.ts';
import { patchKafkajs } from './kafkajs/patch-kafkajs.ts';

/**
 * Kafka by kafkajs. Connects with the first use; closing disconnects what was opened.
 * @throws when kafkajs is not the release whose traps are guarded here.
 */
export async function openKafka(options: KafkaOptions): Promise<Broker> {
  patchKafkajs();
  const settings = kafkaSettings(options);
  const kafka = new Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
    ...(options.sasl === undefined ? {} : { sasl: options.sasl }),
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    retry: { retries: options.retriesMax ?? 8, initialRetryTime: 200, maxRetryTime: 5_000 },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => writeLog(options.log, entry),
  });
  const admin = once(async () => {
    const opened: Admin = kafka.admin();
    await opened.connect();
    return opened;
  });
  const producer = once(async () => {
    const opened: Producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      // Sequence numbers hold only while the requests of a connection cannot overtake each other.
      ...(options.idempotent ? { idempotent: true, maxInFlightRequests: 1 } : {}),
    });
    await opened.connect();
    return opened;
  });

  return {
    source: (topic, group): Source =>
      new KafkaSource({ kafka, admin: admin.get, topic, group, settings, log: options.log }),
    sink: (topic): Sink => new KafkaSink(topic, producer.get),
    async ensureTopics(topics) {
      const opened = await admin.get();
      const there = new Set(await opened.listTopics());
      const missing = topics.filter(({ topic }) => !there.has(topic)).map(toTopicConfig);
      if (missing.length > 0) await opened.createTopics({ topics: missing, waitForLeaders: true });
    },
    async [Symbol.asyncDispose]() {
      await (await producer.opened())?.disconnect();
      await (await admin.opened())?.disconnect();
    },
  };
}

function toTopicConfig({ topic, partitions, compacted, keptMs, stampedByBroker }: TopicSpec) {
  const cleanup = keptMs === undefined ? 'compact' : 'compact,delete';
  const entries = {
    ...(compacted && { 'cleanup.policy': cleanup }),
    ...(keptMs !== undefined && { 'retention.ms': String(keptMs) }),
    ...(stampedByBroker && { 'message.timestamp.type': 'LogAppendTime' }),
  };
  const configEntries = Object.entries(entries).map(([name, value]) => ({ name, value }));
  return { topic, numPartitions: partitions, configEntries };
}

/** Opens on the first use; a failed attempt is forgotten, so that the next use tries again. */
function once<T>(open: () => Promise<T>): { get(): Promise<T>; opened(): Promise<T | null> } {
  let opening: Promise<T> | null = null;
  return {
    get() {
      opening ??= open().catch((error: unknown) => {
        opening = null;
        throw error;
      });
      return opening;
    },
    opened: async () => opening,
  };
}

function writeLog(
  log: KafkaLog | undefined,
  { level, log: line }: { level: logLevel; log: { message: string; timestamp: string } },
): void {
  if (!log) return;
  const { message, timestamp: _timestamp, ...fields } = line;
  // kafkajs says `error` for what it then retries; what ends a source is reported by the source.
  if (level === logLevel.ERROR || level === logLevel.WARN) log.warn(fields, `kafka: ${message}`);
  else log.debug(fields, `kafka: ${message}`);
}
