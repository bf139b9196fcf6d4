import { describeWithKafka, kafkaBrokers, uniqueName } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import { inspectKafka } from './inspect-kafka.ts';
import { openKafka } from './open-kafka.ts';

describeWithKafka('a look at Kafka', () => {
  test('tells how its topics keep what they take, and leaves out those that are not there', async () => {
    const connection = { brokers: kafkaBrokers(), clientId: 'inspect' };
    await using broker = await openKafka(connection);
    const [topic, compacted] = [uniqueName('inspected'), uniqueName('inspected')];
    await broker.ensureTopics([
      { topic, partitions: 3 },
      { topic: compacted, partitions: 1, compacted: true },
    ]);
    const { brokers, topics } = await inspectKafka(connection, [topic, compacted, 'no-such-topic']);
    expect(brokers).toBeGreaterThan(0);
    const byName = new Map(topics.map((one) => [one.topic, one]));
    expect([...byName.keys()].sort()).toEqual([topic, compacted].sort());
    expect(byName.get(topic)).toMatchObject({
      partitions: 3,
      replicas: 1,
      underReplicated: 0,
      uncleanElection: false,
    });
    expect(byName.get(topic)!.retentionMs).toBeGreaterThan(0);
    expect(byName.get(compacted)!.retentionMs).toBeNull();
  });

  test('fails when nobody answers', async () => {
    await expect(inspectKafka({ brokers: ['127.0.0.1:1'], clientId: 'inspect' }, [])).rejects.toThrow();
  });
});
