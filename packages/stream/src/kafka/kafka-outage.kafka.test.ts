import { eventually } from '@tripkey/service-kit/testing';
import { describeWithOwnKafka, startOwnKafka } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import { Recorder } from '../testing/recorder.ts';
import { openKafka } from './open-kafka.ts';

describeWithOwnKafka('Kafka is killed and comes back', () => {
  test('the member joins again by itself, goes on where it committed, and nothing sent is lost', async () => {
    await using kafka = await startOwnKafka();
    await using broker = await openKafka({
      brokers: kafka.brokers,
      clientId: 'outage',
      sessionTimeoutMs: 6_000,
      heartbeatMs: 200,
      waitMsMax: 100,
    });
    await broker.ensureTopics([{ topic: 't', partitions: 1 }]);
    const stop = new AbortController();
    const recorder = new Recorder();
    const run = broker.source('t', 'g').run(recorder, stop.signal);
    await broker.sink('t').send([{ value: 'done' }, { value: 'taken' }]);
    await eventually(() => expect(recorder.values).toEqual(['done', 'taken']));
    const old = recorder.lease;
    await old.commit(0, 1n, 'intent');

    await kafka.kill9();
    const sending = eventually(() => broker.sink('t').send([{ value: 'late' }]));
    await kafka.restart();
    await sending;

    await eventually(() => expect(recorder.values.at(-1)).toBe('late'));
    await eventually(async () => {
      // The offsets that a killed broker acknowledged may be lost only with its disk.
      expect(recorder.lease.committed.get(0)).toEqual({ offset: 1n, metadata: 'intent' });
      await recorder.lease.commit(0, 3n);
    });
    expect(recorder.lease).not.toBe(old);
    expect(old.held).toBe(false);
    const underNewLease = recorder.taken.filter(({ lease }) => lease !== old);
    expect(underNewLease[0]!.record.offset).toBe(1n);
    stop.abort();
    await run;
  });

  test('Kafka that never answers ends the source with the reason', async () => {
    await using kafka = await startOwnKafka();
    await kafka.kill9();
    await using broker = await openKafka({ brokers: kafka.brokers, clientId: 'outage' });
    const run = broker.source('t', 'g').run(new Recorder(), new AbortController().signal);
    await expect(run).rejects.toThrow(/connect/i);
  });
});
