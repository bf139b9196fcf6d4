import kafkajs, { Kafka, logLevel } from 'kafkajs';
import type { KafkaOptions } from './kafka-settings.ts';
import { patchKafkajs } from './kafkajs/patch-kafkajs.ts';

/** What a cluster is like, as far as it decides whether records can be lost. */
export interface KafkaInspection {
  readonly brokers: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: number;
    /** Copies of the partition that has fewest. */
    readonly replicas: number;
    /** Partitions without all of their copies in step. */
    readonly underReplicated: number;
    readonly uncleanElection: boolean;
    /** null: for ever. */
    readonly retentionMs: number | null;
  }[];
}

/**
 * Looks at a cluster and those of the topics that exist.
 * @throws when it does not answer, or does not let us look
 */
export async function inspectKafka(
  options: Pick<KafkaOptions, 'brokers' | 'clientId' | 'ssl' | 'sasl'>,
  topics: readonly string[],
): Promise<KafkaInspection> {
  patchKafkajs();
  const { brokers, clientId, ssl, sasl } = options;
  const kafka = new Kafka({
    ...{ brokers: [...brokers], clientId, logLevel: logLevel.NOTHING },
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: 5_000,
    retry: { retries: 1 },
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const cluster = await admin.describeCluster();
    const there = new Set(await admin.listTopics());
    const named = topics.filter((topic) => there.has(topic));
    if (named.length === 0) return { brokers: cluster.brokers.length, topics: [] };
    const metadata = await admin.fetchTopicMetadata({ topics: named });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: named.map((name) => ({
        // Behind the default: Node does not see this name among the exports of a CommonJS module.
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
      })),
    });
    return {
      brokers: cluster.brokers.length,
      topics: metadata.topics.map(({ name, partitions }) => {
        const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
        const value = (key: string) => entries.find(({ configName }) => configName === key)?.configValue;
        const retentionMs = Number(value('retention.ms') ?? -1);
        return {
          topic: name,
          partitions: partitions.length,
          replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
          underReplicated: partitions.filter(({ replicas, isr }) => isr.length < replicas.length).length,
          uncleanElection: value('unclean.leader.election.enable') === 'true',
          retentionMs: retentionMs < 0 || value('cleanup.policy') === 'compact' ? null : retentionMs,
        };
      }),
    };
  } finally {
    await admin.disconnect();
  }
}
