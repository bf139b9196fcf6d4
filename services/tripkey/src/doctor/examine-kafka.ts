import { topics } from '@tripkey/contract';
import type { KafkaInspection } from '@tripkey/stream/kafka';
import type { Diagnosis, Examination } from './diagnosis.ts';

const about = 'kafka';
const dayMs = 86_400_000;

/** Whether Kafka answers, has our topics, and keeps what it takes. */
export function examineKafka(inspect: (topics: readonly string[]) => Promise<KafkaInspection>): Examination {
  return {
    about,
    advice: 'is it running, and are kafka.brokers, tls and sasl right?',
    async look() {
      const names = Object.values(topics);
      const { brokers, topics: there } = await inspect(names);
      const found: Diagnosis[] = [
        { about, verdict: 'ok', says: `${brokers} ${brokers === 1 ? 'broker answers' : 'brokers answer'}` },
      ];
      const missing = names.filter((name) => !there.some(({ topic }) => topic === name));
      if (missing.length > 0)
        found.push({
          about,
          verdict: 'warning',
          says: `no topic ${missing.join(', ')}`,
          advice: 'ingest makes them when it starts, if it may; else make them (infra/kafka)',
        });
      for (const topic of there) found.push(...ofTopic(topic, brokers));
      return found;
    },
  };
}

function ofTopic(one: KafkaInspection['topics'][number], brokers: number): Diagnosis[] {
  const { topic, partitions, replicas, underReplicated, uncleanElection, retentionMs } = one;
  const found: Diagnosis[] = [];
  const add = (verdict: 'warning' | 'fault', says: string, advice: string) =>
    found.push({ about, verdict, says: `${topic}: ${says}`, advice });
  if (replicas < 2 && brokers > 1)
    add('warning', 'one copy only', 'a lost disk loses its records: three copies');
  if (underReplicated > 0)
    add(
      'fault',
      `${underReplicated} of ${partitions} partitions lack a copy`,
      'see to the broker that is behind',
    );
  if (uncleanElection)
    add(
      'warning',
      'a broker that is behind may lead',
      'set unclean.leader.election.enable=false: it loses records',
    );
  if (topic === topics.requests && retentionMs !== null && retentionMs < dayMs)
    add(
      'warning',
      `records are kept ${Math.round(retentionMs / 3_600_000)} h`,
      'an outage that is longer loses events: keep them for days',
    );
  if (found.length === 0)
    found.push({ about, verdict: 'ok', says: `${topic}: ${partitions} partitions, ${replicas} copies each` });
  return found;
}
