import { describeWithKafka, kafkaBrokers, uniqueName } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import { inspectKafka } from './inspect-kafka.ts';
import { openKafka } from './open-kafka.ts';

describeWithKafka('a look at Kafka', () => {
  test('tells how its topics keep what they take, and leaves out those that are not there', async () => {
    const connection = { brokers: kafkaBrokers(), clientId: 'inspect' };
    await using broker = await openKafka(connection);
    const [topic, compacted, kept] = ['a', 'b', 'c'].map(uniqueName) as [string, string, string];
    const keptMs = 7 * 86_400_000;
    await broker.ensureTopics([
      { topic, partitions: 3 },
      { topic: compacted, partitions: 1, compacted: true },
      { topic: kept, partitions: 1, compacted: true, keptMs, stampedByBroker: true },
    ]);
    const { brokers, topics } = await inspectKafka(connection, [topic, compacted, kept, 'no-such-topic']);
    expect(brokers).toBeGreaterThan(0);
    const byName = new Map(topics.map((one) => [one.topic, one]));
    expect([...byName.keys()].sort()).toEqual([topic, compacted, kept].sort());
    expect(byName.get(topic)).toMatchObject({
      partitions: 3,
      replicas: 1,
      underReplicated: 0,
      uncleanElection: false,
    });
    expect(byName.get(topic)!.retentionMs).toBeGreaterThan(0);
    expect(byName.get(compacted)!.retentionMs).toBeNull();
    expect(byName.get(kept)!.retentionMs).toBe(keptMs);
  });

  test('fails when nobody answers', async () => {
    await expect(inspectKafka({ brokers: ['127.0.0.1:1'], clientId: 'inspect' }, [])).rejects.toThrow();
  });
});
