import { eventually } from '@tripkey/service-kit/testing';
import { describeWithKafka, kafkaBrokers, uniqueName } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import { LeaseLostError } from '../broker.ts';
import { describeBroker } from '../testing/describe-broker.ts';
import { Recorder } from '../testing/recorder.ts';
import { openKafka } from './open-kafka.ts';

const open = () =>
  openKafka({
    brokers: kafkaBrokers(),
    clientId: 'suite',
    sessionTimeoutMs: 6_000,
    heartbeatMs: 200,
    waitMsMax: 100,
  });

describeWithKafka('kafkajs', () => {
  describeBroker('Kafka', open);

  test('the broker itself refuses a commit of a generation that is over', async () => {
    await using broker = await open();
    const topic = uniqueName('fence');
    await broker.ensureTopics([{ topic, partitions: 2 }]);
    const stop = new AbortController();
    const [one, two] = [new Recorder(), new Recorder()];
    const first = broker.source(topic, topic).run(one, stop.signal);
    const old = await eventually(() => one.lease);
    const second = broker.source(topic, topic).run(two, stop.signal);
    await eventually(() => expect(two.lease.partitions).toHaveLength(1));
    await eventually(() => expect(one.lease.partitions).toHaveLength(1));
    // As if our own guard had not noticed: what is left is the generation that the commit carries.
    (old as { held: boolean }).held = true;
    await expect(old.commit(old.partitions[0]!, 1n)).rejects.toBeInstanceOf(LeaseLostError);
    stop.abort();
    await Promise.all([first, second]);
  });

  test('a commit works between batches and with 4 KB of metadata', async () => {
    await using broker = await open();
    const topic = uniqueName('commit');
    await broker.ensureTopics([{ topic, partitions: 1 }]);
    const stop = new AbortController();
    const recorder = new Recorder();
    const run = broker.source(topic, topic).run(recorder, stop.signal);
    const lease = await eventually(() => recorder.lease);
    await lease.commit(0, 5n, 'x'.repeat(4_000));
    stop.abort();
    await run;
  });

  test('a handler that is slow keeps its lease: heartbeats go on beside it', async () => {
    await using broker = await open();
    const topic = uniqueName('slow');
    await broker.ensureTopics([{ topic, partitions: 1 }]);
    await broker.sink(topic).send([{ value: 'a' }]);
    const stop = new AbortController();
    const recorder = new Recorder();
    const confirmations = async () => {
      const { lease } = recorder;
      for (let i = 0; i < 3; i++) {
        const before = lease.confirmedAt;
        await eventually(() => expect(lease.confirmedAt).toBeGreaterThan(before));
      }
    };
    recorder.assigned = async (lease) => {
      recorder.leases.push(lease);
      await confirmations();
    };
    const slow = Promise.withResolvers<void>();
    recorder.records = () => confirmations().then(slow.resolve, slow.reject);
    const run = broker.source(topic, topic).run(recorder, stop.signal);
    await slow.promise;
    expect(recorder.lease.held).toBe(true);
    stop.abort();
    await run;
  });

  test('what the handler throws when partitions are assigned ends the source with that error', async () => {
    await using broker = await open();
    const topic = uniqueName('broken');
    await broker.ensureTopics([{ topic, partitions: 1 }]);
    const recorder = new Recorder();
    recorder.assigned = async () => {
      throw new Error('cannot begin');
    };
    const run = broker.source(topic, topic).run(recorder, new AbortController().signal);
    await expect(run).rejects.toThrow('cannot begin');
  });

  test('a topic that does not exist ends the source with the reason', async () => {
    await using broker = await open();
    const run = broker.source(uniqueName('none'), 'g').run(new Recorder(), new AbortController().signal);
    await expect(run).rejects.toThrow(/topic/i);
  });
});
