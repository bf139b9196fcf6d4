import { once } from 'node:events';
import { anEvent } from '@tripkey/contract/testing';
import { Metrics } from '@tripkey/service-kit';
import { eventually, ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import type { Lease, Source, StreamRecord } from '@tripkey/stream';
import { InMemoryBroker } from '@tripkey/stream/memory';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type IngestParts, ingest } from './ingest.ts';
import { TooManyRejectedError } from './reject-guard.ts';
import { aPipeline, positions, RecordingStore, testArrival } from './testing/index.ts';

const topic = 'events';
let broker: InMemoryBroker;
let store: RecordingStore;
let clock: ManualClock;
let metrics: Metrics;
let stop: AbortController;

beforeEach(async () => {
  broker = new InMemoryBroker();
  await broker.ensureTopics([{ topic, partitions: 1 }]);
  store = new RecordingStore();
  clock = new ManualClock(testArrival);
  metrics = new Metrics();
  stop = new AbortController();
});
afterEach(() => stop.abort());

function start(changes: Partial<IngestParts> = {}): Promise<void> {
  const running = ingest(
    {
      topic,
      source: broker.source(topic, 'group'),
      deadLetters: broker.sink('dlq'),
      store,
      pipeline: aPipeline({ metrics }),
      clock,
      log: silentLogger,
      metrics,
      batch: { rowsMax: 2 },
      ...changes,
    },
    stop.signal,
  );
  running.catch(() => {}); // each test awaits it itself
  return running;
}

const send = (...values: (object | string)[]) =>
  broker
    .sink(topic)
    .send(values.map((value) => ({ value: typeof value === 'string' ? value : JSON.stringify(value) })));
const committed = () => broker.committed(topic, 'group', 0).offset;
const deadLettersSent = () => [0, 1, 2].reduce((sum, p) => sum + broker.size('dlq', p), 0);
/** Waits for a condition while time goes on. */
const whileTimePasses = (check: () => void | Promise<void>) =>
  eventually(async () => {
    await clock.advance(100);
    await check();
  });

describe('events', () => {
  test('are stored under the token of their offsets and first timestamp, then committed', async () => {
    const running = start();
    await send(anEvent(), anEvent());
    await eventually(() => expect(committed()).toBe(2n));
    expect(store.tokens('requests_raw_v1')).toEqual([expect.stringMatching(/^events:0:0-2:\d+$/)]);
    expect(positions(store)).toEqual(['0/0/0', '0/1/0']);
    stop.abort();
    await running;
  });

  test('that do not fill a batch are stored when they have waited long enough', async () => {
    start();
    await send(anEvent());
    await whileTimePasses(() => expect(committed()).toBe(1n));
  });

  test('that were taken in are stored and committed by a stop', async () => {
    const running = start();
    await send(anEvent());
    await whileTimePasses(() => expect(store.rows('ingest_progress_v1').length).toBeGreaterThan(0));
    stop.abort();
    await running;
    expect(committed()).toBe(1n);
  });

  test('wait for a store that is down, are then stored once each, and reading pauses meanwhile', async () => {
    start();
    await whileTimePasses(() => expect(store.rows('ingest_progress_v1').length).toBeGreaterThan(0));
    store.down = true;
    for (let i = 0; i < 20; i++) await send(anEvent());
    const retries = async () =>
      Number(/retries_total\{topic="events"\} (\d+)/.exec(await metrics.text())?.[1]);
    await whileTimePasses(async () => expect(await retries()).toBeGreaterThan(3));
    expect(committed()).toBe(0n);
    expect(await metrics.text()).toMatch(/tripkey_ingest_paused_partitions\{topic="events"\} 1/);
    store.down = false;
    await whileTimePasses(() => expect(committed()).toBe(20n));
    expect(positions(store)).toEqual(Array.from({ length: 20 }, (_, i) => `0/${i}/0`));
  });

  test('of a lost lease are left to the next owner and stored', async () => {
    const held = Promise.withResolvers<void>();
    store.gate = held.promise;
    start();
    await send(anEvent(), anEvent());
    await eventually(() => expect(store.attempts).toHaveLength(1));
    // A second member joins: the first one's lease ends while its insert is on the way.
    start();
    held.resolve();
    await whileTimePasses(() => expect(committed()).toBe(2n));
    expect(positions(store)).toEqual(['0/0/0', '0/1/0']);
  });
});

describe('what cannot be used', () => {
  test('goes to the dead letters, topic and table, before the commit, and the rest is stored', async () => {
    start();
    await send(anEvent(), 'not json');
    await eventually(() => expect(committed()).toBe(2n));
    expect(positions(store)).toEqual(['0/0/0']);
    expect(store.rows('dead_letters_v1')).toMatchObject([{ reason: 'not_json', _offset: '1' }]);
    expect(deadLettersSent()).toBe(1);
  });

  test('stops the consumer with what to do when it is most of what comes, and nothing of it is committed', async () => {
    const running = start({ rejects: { consecutiveMax: 5 }, batch: { rowsMax: 100 } });
    await send(...Array.from({ length: 10 }, () => 'not json'));
    await expect(running).rejects.toThrow(TooManyRejectedError);
    await expect(running).rejects.toThrow(/offset 4 with reason not_json.*rejects\.consecutiveMax/);
    expect(committed()).toBeNull();
    expect(deadLettersSent()).toBe(0);
  });

  test('in a share above the limit stops the consumer too', async () => {
    const running = start({ rejects: { ratioMax: 0.5, elements: 4 } });
    await send(anEvent(), 'x', 'y', 'z');
    await expect(running).rejects.toThrow(/3 of 4 elements/);
  });
});

describe('progress', () => {
  const last = () => store.rows('ingest_progress_v1').at(-1);

  test('of an idle partition is now', async () => {
    start();
    await whileTimePasses(() => expect(last()).toBeDefined());
    expect(last()).toMatchObject({ topic, partition: 0, offset: '0' });
    expect(last()!.stored_until).toBe(last()!.at);
  });

  test('stays at the arrival of the earliest event that is not stored', async () => {
    start({ batch: { rowsMax: 2, ageMsMax: 1e9 } });
    await send(anEvent());
    await whileTimePasses(() => expect(last()?.at).toBeGreaterThan(testArrival + 2_000));
    const row = last()!;
    expect(row.stored_until as number).toBeLessThan(row.at as number);
    await send(anEvent());
    await eventually(() => expect(committed()).toBe(2n));
    expect(store.rows('requests_raw_v1')[0]!.arrived_at).toBe(row.stored_until);
    await whileTimePasses(() => expect(last()!.stored_until).toBe(last()!.at));
  });
});

test('records that a source gives twice under one lease are dropped and counted', async () => {
  const commits: bigint[] = [];
  const lease: Lease = {
    topic,
    partitions: [0],
    committed: new Map([[0, { offset: 1n, metadata: '' }]]),
    held: true,
    get confirmedAt() {
      return clock.now();
    },
    commit: async (_, offset) => void commits.push(offset),
    pause() {},
    resume() {},
  };
  const source: Source = {
    async run(handler, over) {
      await handler.assigned(lease);
      await handler.records(lease, 0, [0n, 1n].map(aRecord));
      await handler.records(lease, 0, [1n, 2n].map(aRecord));
      await once(over, 'abort');
    },
  };
  start({ source });
  await eventually(() => expect(commits).toEqual([1n, 3n]));
  expect(positions(store)).toEqual(['0/1/0', '0/2/0']);
  expect(await metrics.text()).toContain('tripkey_ingest_repeated_total{topic="events"} 2');
});

test('what the source cannot overcome ends ingest with its reason', async () => {
  const source = { run: () => Promise.reject(new Error('no broker')) };
  await expect(start({ source })).rejects.toThrow('no broker');
});

test('records that were gone before they were read are written down, and what comes after them is stored', async () => {
  const commits: bigint[] = [];
  const lease: Lease = {
    topic,
    partitions: [0],
    committed: new Map([[0, { offset: 3n, metadata: '' }]]),
    held: true,
    get confirmedAt() {
      return clock.now();
    },
    commit: async (_, offset) => void commits.push(offset),
    pause() {},
    resume() {},
  };
  const source: Source = {
    async run(handler, over) {
      await handler.assigned(lease);
      await handler.lost?.(lease, 0, 3n, 9n);
      await handler.records(lease, 0, [9n, 10n].map(aRecord));
      await once(over, 'abort');
    },
  };
  start({ source });
  await eventually(() => expect(commits).toEqual([9n, 11n]));
  const gap = { topic, partition: 0, from_offset: '3', to_offset: '9', at: clock.now() };
  expect(store.rows('ingest_gaps_v1')).toEqual([gap]);
  expect(await metrics.text()).toContain('tripkey_ingest_lost_offsets_total{topic="events"} 6');
});

const aRecord = (offset: bigint): StreamRecord => ({
  offset,
  key: null,
  value: Buffer.from(JSON.stringify(anEvent())),
  headers: {},
  timestamp: -1,
});
