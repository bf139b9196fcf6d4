import { eventually } from '@tripkey/service-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Broker, LeaseLostError } from '../broker.ts';
import { Recorder } from './recorder.ts';

/** What every broker promises; the fake and the adapter both pass it. */
export function describeBroker(name: string, open: () => Promise<Broker>): void {
  describe(`broker: ${name}`, () => {
    let broker: Broker;
    let topics = 0;
    beforeAll(async () => {
      broker = await open();
    });
    afterAll(async () => {
      await broker[Symbol.asyncDispose]();
    });

    const newTopic = async (partitions = 1) => {
      const topic = `suite-${Date.now()}-${topics++}`;
      await broker.ensureTopics([{ topic, partitions }]);
      return topic;
    };
    const running = (topic: string, group: string, handler = new Recorder()) => {
      const stop = new AbortController();
      const done = broker.source(topic, group).run(handler, stop.signal);
      done.catch(() => {});
      return {
        handler,
        done,
        stop: async () => {
          stop.abort();
          await done;
        },
      };
    };
    const send = (topic: string, values: string[], key: string | null = null) =>
      broker.sink(topic).send(values.map((value) => ({ key, value })));

    test('records of a partition come in the order of their offsets, with key, headers and bytes as sent', async () => {
      const topic = await newTopic();
      const binary = Buffer.from([0, 255, 10, 10]);
      await broker.sink(topic).send([
        { key: 'k', value: 'first', headers: { h: 'v' } },
        { key: null, value: binary },
        { key: 'k', value: null },
      ]);
      const { handler, stop } = running(topic, 'g');
      await eventually(() => expect(handler.taken).toHaveLength(3));
      const [first, second, third] = handler.taken.map(({ record }) => record);
      expect(handler.taken.map(({ record }) => record.offset)).toEqual([0n, 1n, 2n]);
      expect(Buffer.from(first!.key!).toString()).toBe('k');
      expect(first!.headers).toEqual({ h: 'v' });
      expect(Buffer.from(second!.value!).equals(binary)).toBe(true);
      expect([second!.key, third!.value]).toEqual([null, null]);
      await stop();
    });

    test('a new member goes on where the group has committed, and reads back the metadata', async () => {
      const topic = await newTopic();
      await send(topic, ['a', 'b', 'c']);
      const one = running(topic, 'g');
      await eventually(() => expect(one.handler.values).toEqual(['a', 'b', 'c']));
      expect(one.handler.lease.committed.get(0)).toEqual({ offset: null, metadata: '' });
      await one.handler.lease.commit(0, 2n, '{"e":"5"}');
      await one.stop();
      const two = running(topic, 'g');
      await eventually(() => expect(two.handler.values).toEqual(['c']));
      expect(two.handler.lease.committed.get(0)).toEqual({ offset: 2n, metadata: '{"e":"5"}' });
      await two.stop();
    });

    test('what was not committed comes again', async () => {
      const topic = await newTopic();
      await send(topic, ['a']);
      const one = running(topic, 'g');
      await eventually(() => expect(one.handler.values).toEqual(['a']));
      await one.stop();
      const two = running(topic, 'g');
      await eventually(() => expect(two.handler.values).toEqual(['a']));
      await two.stop();
    });

    test('groups do not disturb each other', async () => {
      const topic = await newTopic();
      await send(topic, ['a']);
      const [one, two] = [running(topic, 'g1'), running(topic, 'g2')];
      await eventually(() => expect([one.handler.values, two.handler.values]).toEqual([['a'], ['a']]));
      await Promise.all([one.stop(), two.stop()]);
    });

    test('a join ends the lease: its commits are refused and change nothing', async () => {
      const topic = await newTopic(4);
      const one = running(topic, 'g');
      const old = await eventually(() => one.handler.lease);
      expect([...old.partitions].sort()).toEqual([0, 1, 2, 3]);
      const two = running(topic, 'g');
      await eventually(() => expect(two.handler.lease.partitions).toHaveLength(2));
      await eventually(() => expect(one.handler.lease.partitions).toHaveLength(2));
      expect(old.held).toBe(false);
      await expect(old.commit(0, 7n)).rejects.toBeInstanceOf(LeaseLostError);
      expect([...one.handler.lease.partitions, ...two.handler.lease.partitions].sort()).toEqual([0, 1, 2, 3]);
      await two.stop();
      await eventually(() => expect(one.handler.lease.partitions).toHaveLength(4));
      expect(one.handler.lease.committed.get(0)?.offset).toBe(null);
      await one.stop();
    });

    test('a stopped member hands over, and its lease is over', async () => {
      const topic = await newTopic();
      const one = running(topic, 'g');
      const lease = await eventually(() => one.handler.lease);
      await one.stop();
      expect(lease.held).toBe(false);
      await expect(lease.commit(0, 1n)).rejects.toBeInstanceOf(LeaseLostError);
    });

    test('a paused partition is silent until it is resumed; others flow', async () => {
      const topic = await newTopic(2);
      const { handler, stop } = running(topic, 'g');
      const lease = await eventually(() => handler.lease);
      lease.pause(0);
      // Without a key the records go round the partitions, so both get some.
      for (let i = 0; i < 20; i++) await send(topic, [`m${i}`], `key-${i}`);
      await eventually(() => expect(handler.taken.some(({ partition }) => partition === 1)).toBe(true));
      // A broker may ask its members to join again at any time; what was paused then flows, under another lease.
      const taken = handler.taken.filter(({ lease: of }) => of === lease);
      expect(taken.every(({ partition }) => partition === 1)).toBe(true);
      lease.resume(0);
      await eventually(() => expect(new Set(handler.values).size).toBe(20));
      await stop();
    });

    test('what the handler throws ends the source with that error', async () => {
      const topic = await newTopic();
      await send(topic, ['a']);
      const failing = new Recorder();
      failing.records = async () => {
        throw new Error('handler is broken');
      };
      await expect(running(topic, 'g', failing).done).rejects.toThrow('handler is broken');
    });

    test('records of one key share a partition', async () => {
      const topic = await newTopic(8);
      await send(topic, ['a', 'b', 'c', 'd'], 'the-key');
      const { handler, stop } = running(topic, 'g');
      await eventually(() => expect(handler.values).toEqual(['a', 'b', 'c', 'd']));
      expect(new Set(handler.taken.map(({ partition }) => partition)).size).toBe(1);
      await stop();
    });

    test('topics that are there already are left as they are', async () => {
      const topic = await newTopic(2);
      await broker.ensureTopics([{ topic, partitions: 5 }]);
      const { handler, stop } = running(topic, 'g');
      await eventually(() => expect(handler.lease.partitions).toHaveLength(2));
      await stop();
    });
  });
}
