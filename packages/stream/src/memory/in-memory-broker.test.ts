import { eventually } from '@tripkey/service-kit/testing';
import { describe, expect, test } from 'vitest';
import { describeBroker } from '../testing/describe-broker.ts';
import { Recorder } from '../testing/recorder.ts';
import { InMemoryBroker } from './in-memory-broker.ts';
import { StreamFullError } from './stream-full-error.ts';

describeBroker('in memory', async () => new InMemoryBroker());

describe('memory is bounded', () => {
  const kilobyte = 'x'.repeat(800); // 1000 bytes with what a record takes besides
  const aSmallBroker = () => new InMemoryBroker({ partitionBytesMax: 10_000, partitionsDefault: 1 });
  const records = (count: number) => Array.from({ length: count }, () => ({ value: kilobyte }));

  test('a send that does not fit is refused whole, and fits once the reader has committed', async () => {
    const broker = aSmallBroker();
    const stop = new AbortController();
    const recorder = new Recorder();
    const run = broker.source('t', 'g').run(recorder, stop.signal);
    await broker.sink('t').send(records(9));
    await expect(broker.sink('t').send(records(2))).rejects.toBeInstanceOf(StreamFullError);
    expect(broker.size('t', 0)).toBe(9);
    await eventually(() => expect(recorder.taken).toHaveLength(9));
    await recorder.lease.commit(0, 9n);
    await broker.sink('t').send(records(2));
    await eventually(() => expect(recorder.taken.map(({ record }) => record.offset).at(-1)).toBe(10n));
    expect(recorder.taken).toHaveLength(11);
    stop.abort();
    await run;
  });

  test('what the slowest group has not committed stays', async () => {
    const broker = aSmallBroker();
    const stop = new AbortController();
    const [fast, slow] = [new Recorder(), new Recorder()];
    const runs = [fast, slow].map((recorder, i) => broker.source('t', `g${i}`).run(recorder, stop.signal));
    await broker.sink('t').send(records(9));
    await eventually(() => expect([fast.taken.length, slow.taken.length]).toEqual([9, 9]));
    await fast.lease.commit(0, 9n);
    await slow.lease.commit(0, 1n);
    await broker.sink('t').send(records(2));
    await expect(broker.sink('t').send(records(1))).rejects.toBeInstanceOf(StreamFullError);
    stop.abort();
    await Promise.all(runs);
  });

  test('a topic that nobody reads keeps its newest records', async () => {
    const broker = aSmallBroker();
    for (let i = 0; i < 5; i++) await broker.sink('t').send(records(8));
    expect(broker.size('t', 0)).toBe(40);
    const stop = new AbortController();
    const recorder = new Recorder();
    const run = broker.source('t', 'g').run(recorder, stop.signal);
    await eventually(() => expect(recorder.taken.map(({ record }) => record.offset).at(-1)).toBe(39n));
    expect(recorder.taken).toHaveLength(8);
    stop.abort();
    await run;
  });

  test('one send that is larger than a partition fits into an empty one', async () => {
    const broker = aSmallBroker();
    await broker.sink('t').send(records(12));
    expect(broker.size('t', 0)).toBe(12);
  });
});
