import { type Admin, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import type { Broker, OutRecord, Sink, Source, TopicSpec } from '../broker.ts';
import { type KafkaLog, type KafkaOptions, kafkaSettings } from './kafka-settings.ts';
import { KafkaSource } from './kafka-source.ts';
import { patchKafkajs } from './kafkajs-internals.ts';

/** Records in one produce request; more are sent in several. */
const recordsMax = 5_000;

/**
 * Kafka by kafkajs. Connects with the first use; closing disconnects what was opened.
 * @throws when kafkajs is not the version whose traps are guarded here.
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
    retry: { retries: 8, initialRetryTime: 200, maxRetryTime: 10_000 },
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
    });
    await opened.connect();
    return opened;
  });

  return {
    source: (topic, group): Source => new KafkaSource(kafka, admin.get, topic, group, settings),
    sink: (topic): Sink => ({
      async send(records) {
        const opened = await producer.get();
        for (let i = 0; i < records.length; i += recordsMax) {
          // acks -1: every in-sync replica has it.
          await opened.send({ topic, acks: -1, messages: records.slice(i, i + recordsMax).map(toMessage) });
        }
      },
    }),
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

function toMessage({ key, value, headers }: OutRecord) {
  return {
    key: toBuffer(key ?? null),
    value: toBuffer(value),
    ...(headers ? { headers: { ...headers } } : {}),
  };
}

function toTopicConfig({ topic, partitions, compacted }: TopicSpec) {
  const configEntries = compacted ? [{ name: 'cleanup.policy', value: 'compact' }] : [];
  return { topic, numPartitions: partitions, configEntries };
}

function toBuffer(value: string | Uint8Array | null): Buffer | null {
  if (value === null) return null;
  return typeof value === 'string'
    ? Buffer.from(value)
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
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
