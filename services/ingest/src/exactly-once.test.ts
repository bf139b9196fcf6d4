import { setImmediate } from 'node:timers/promises';
import { anEvent } from '@tripkey/contract/testing';
import { Metrics } from '@tripkey/service-kit';
import { eventually, ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import type { Source } from '@tripkey/stream';
import { InMemoryBroker } from '@tripkey/stream/memory';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ingest } from './ingest.ts';
import { aPipeline, positions, RecordingStore, testArrival } from './testing/index.ts';

const topic = 'events';

/** One topic with two partitions, a store, and members of ingest that can be killed at any moment. */
class Plant {
  readonly broker = new InMemoryBroker();
  readonly store = new RecordingStore();
  readonly clock = new ManualClock(testArrival);
  readonly #kills: (() => Promise<void>)[] = [];
  sent = 0;

  async send(count: number): Promise<void> {
    await this.broker.ensureTopics([{ topic, partitions: 2 }]);
    const values = Array.from({ length: count }, () => ({ value: JSON.stringify(anEvent()) }));
    await this.broker.sink(topic).send(values);
    this.sent += count;
  }

  /** A member; killed, it neither stores nor commits what it has. */
  start(group = 'group', rowsMax = 3): void {
    const killed = new AbortController();
    const inner = this.broker.source(topic, group);
    const source: Source = {
      run: (handler, stop) => inner.run(handler, AbortSignal.any([stop, killed.signal])),
    };
    const running = ingest(
      {
        topic,
        source,
        deadLetters: this.broker.sink('dlq'),
        store: this.store,
        pipeline: aPipeline(),
        clock: this.clock,
        log: silentLogger,
        metrics: new Metrics(),
        batch: { rowsMax, ageMsMax: 500 },
      },
      new AbortController().signal,
    );
    this.#kills.push(async () => {
      killed.abort();
      await running;
    });
  }

  async killOne(): Promise<void> {
    await this.#kills.shift()?.();
  }

  async killAll(): Promise<void> {
    while (this.#kills.length > 0) await this.killOne();
  }

  /** Lets time pass until everything is committed. */
  async settle(group = 'group'): Promise<void> {
    await eventually(async () => {
      await this.clock.advance(200);
      for (const partition of [0, 1]) {
        const { offset, metadata } = this.broker.committed(topic, group, partition);
        expect([offset ?? 0n, metadata]).toEqual([BigInt(this.broker.size(topic, partition)), '']);
      }
    });
  }
}

type Step = 'send' | 'start' | 'kill' | 'time' | 'turn' | 'rows lost' | 'token lost' | 'no answer';
const step = fc.constantFrom<Step>(
  'send',
  'send',
  'start',
  'kill',
  'time',
  'turn',
  'rows lost',
  'token lost',
  'no answer',
);

test('each event is stored once, whatever is killed whenever, with whatever batch size members come back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(6)), { maxLength: 40 }), async (steps) => {
      const plant = new Plant();
      await plant.send(2);
      for (const [what, size] of steps) {
        if (what === 'send') await plant.send(size);
        else if (what === 'start') plant.start('group', 1 + size);
        else if (what === 'kill') await plant.killOne();
        else if (what === 'time') await plant.clock.advance(100 * size);
        else if (what === 'turn') for (let i = 0; i < size; i++) await setImmediate();
        else if (what === 'no answer') plant.store.answersLost = 1;
        else plant.store.crashes.push(what);
      }
      plant.start();
      await plant.settle();
      const stored = positions(plant.store);
      expect(new Set(stored).size).toBe(plant.sent);
      expect(stored).toHaveLength(plant.sent);
      await plant.killAll();
    }),
    { numRuns: 60 },
  );
});

test('a batch that a killed member had announced is formed again with the same rows', async () => {
  const plant = new Plant();
  await plant.send(8);
  plant.store.answersLost = 2;
  plant.start('group', 4);
  await eventually(() => expect(plant.store.tokens('requests_raw_v1')).toHaveLength(2));
  await plant.killAll();
  await plant.clock.advance(60_000);
  plant.start('group', 1);
  await plant.settle();
  expect(plant.store.tokens('requests_raw_v1')).toHaveLength(2);
  expect(positions(plant.store)).toHaveLength(8);
  const attempts = plant.store.attempts.filter((attempt) => attempt.startsWith('requests_raw_v1'));
  expect(attempts).toHaveLength(4);
  expect(new Set(attempts).size).toBe(2);
  await plant.killAll();
});
