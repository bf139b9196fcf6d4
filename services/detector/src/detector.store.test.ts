import type { Finding } from '@tripkey/contract';
import { Metrics } from '@tripkey/service-kit';
import { silentLogger } from '@tripkey/service-kit/testing';
import { ingestFrontier, migrate, openStore, type Store } from '@tripkey/store';
import type { Sink } from '@tripkey/stream';
import { InMemoryBroker } from '@tripkey/stream/memory';
import { clickHouseConfig } from '@tripkey/test/harness';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DetectorParts, detector } from './detector.ts';
import type { EngineOptions } from './engine/engine-options.ts';
import { HeartbeatBook } from './heartbeat-book.ts';
import { readTicks } from './read-activity.ts';
import { anEngine, judgeAll } from './testing/an-engine.ts';
import { publishedFindings, sorted, storedFindings } from './testing/findings-told.ts';
import { HastyClock } from './testing/hasty-clock.ts';
import {
  type Arrival,
  anArrival,
  aTheft,
  dayMs,
  hourMs,
  minuteMs,
  monday,
  routine,
} from './testing/made-traffic.ts';
import { type Death, mortal, shaky } from './testing/mortal.ts';
import { storeArrivals, storeFrontier } from './testing/store-arrivals.ts';

const tickMs = 5 * minuteMs;
const end = monday + 9 * dayMs;
const keys = ['key_a', 'key_b', 'key_c', 'key_d'];

/** Nine days of four keys, the second and third of which are stolen, the latter from the address of the former. */
const history: Arrival[] = [
  ...keys.flatMap((keyId) => [
    ...routine({ from: monday, to: end, everyMs: 40 * minuteMs, requests: 4 }, { keyId }),
  ]),
  ...aTheft(monday + 6.4 * dayMs, { keyId: 'key_b' }),
  ...aTheft(monday + 7.1 * dayMs, { keyId: 'key_b', traffic: { denied: 5 } }),
  ...aTheft(monday + 8.2 * dayMs, { keyId: 'key_c' }),
  ...aTheft(monday + 8.7 * dayMs, { keyId: 'key_b' }),
];

let store: Store;
let findings: Sink;
let broker: InMemoryBroker;

beforeEach(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
  broker = new InMemoryBroker();
  await broker.ensureTopics([{ topic: 'findings', partitions: 1 }]);
  findings = broker.sink('findings');
});
afterEach(() => store[Symbol.asyncDispose]());

/** Lets a detector run until it has judged everything that is stored, or is killed. */
async function run(changes: Partial<DetectorParts> = {}, stop = new AbortController()): Promise<void> {
  await detector(
    {
      ...{ store, findings, tickMs, stretchMsMax: 6 * hourMs, saveEveryMs: 0, profileRowsMax: 2 },
      ...{ clock: new HastyClock(), log: silentLogger, metrics: new Metrics() },
      onCaughtUp: () => stop.abort(),
      ...changes,
    },
    stop.signal,
  );
}

/** What an engine says that is never interrupted. */
async function expected(until = end, options: Partial<EngineOptions> = {}): Promise<Finding[]> {
  const all = judgeAll(anEngine([], options), await readTicks(store, monday, until, tickMs));
  return sorted(all);
}

const stored = () => storedFindings(store);
const published = () => publishedFindings(broker);
const ids = (all: readonly Finding[]) => all.map((finding) => finding.finding_id);

test('what is found is stored and published once, and a restart adds nothing', async () => {
  await storeArrivals(store, history, 'history');
  await storeFrontier(store, end);
  await run();
  const all = await expected();
  expect(all.length).toBeGreaterThan(5);
  expect(await stored()).toEqual(all);
  expect(await published()).toEqual(all);
  await run();
  expect(await stored()).toEqual(all);
  expect(ids(await published())).toEqual(ids(all));
});

test('only what lies before the frontier is judged, and the rest when the frontier has moved', async () => {
  await storeArrivals(store, history, 'history');
  for (const until of [monday + 3 * dayMs, monday + 7 * dayMs + 1_234, monday + 8.5 * dayMs, end]) {
    await storeFrontier(store, until);
    const [{ frontier } = { frontier: 0 }] = await store.ask(ingestFrontier, {});
    expect(frontier).toBe(until);
    await run();
    expect(await stored()).toEqual(await expected(Math.floor(until / tickMs) * tickMs));
  }
  expect(ids(await published())).toEqual(ids(await expected()));
});

test('late events are judged once, when they come', async () => {
  await storeArrivals(store, history, 'history');
  await storeFrontier(store, end);
  await run();
  const before = await stored();
  const late = aTheft(end - 2 * hourMs, { keyId: 'key_d', arrivedAt: end + 10 * minuteMs });
  await storeArrivals(store, late, 'late');
  await storeFrontier(store, end + hourMs);
  await run();
  await run();
  const after = await stored();
  const added = after.filter((finding) => !ids(before).includes(finding.finding_id));
  expect(added.length).toBeGreaterThan(0);
  expect(after).toEqual(await expected(end + hourMs));
  for (const finding of added) {
    expect(finding.subject.id).toBe('key_d');
    expect(Date.parse(finding.detected_at)).toBeGreaterThan(end + 10 * minuteMs);
    expect(Date.parse(finding.window_to)).toBeLessThan(end);
  }
  expect(ids(await published())).toEqual(ids(after));
});

test('findings of the time before it is told to publish are stored and stay unpublished', async () => {
  await storeArrivals(store, history, 'history');
  await storeFrontier(store, end);
  const publishFromMs = monday + 8 * dayMs;
  await run({ publishFromMs });
  const all = await expected();
  const due = all.filter((finding) => Date.parse(finding.detected_at) >= publishFromMs);
  expect(due.length).toBeGreaterThan(0);
  expect(due.length).toBeLessThan(all.length);
  expect(await stored()).toEqual(all);
  expect(await published()).toEqual(due);
});

test('a store and a broker that fail now and then change nothing of what is found', async () => {
  await storeArrivals(store, history, 'history');
  await storeFrontier(store, end);
  await run(shaky(store, findings));
  expect(await stored()).toEqual(await expected());
  expect([...new Set(ids(await published()))]).toEqual(ids(await expected()));
});

test('killed fifty times, in any effect, it neither repeats nor misses a finding', async () => {
  await storeArrivals(store, history, 'history');
  await storeFrontier(store, end);
  const death = fc.record<Death>({ effects: fc.integer({ min: 0, max: 12 }), happens: fc.boolean() });
  for (const [i, how] of fc.sample(death, { numRuns: 50, seed: 20_260_302 }).entries()) {
    const stop = new AbortController();
    const dies = mortal(store, findings, how, () => stop.abort());
    // Which effects there are depends on when it saves: every stretch, or now and then.
    await run(
      { ...dies, saveEveryMs: i % 3 === 0 ? 1 : 0, stretchMsMax: (1 + (i % 5)) * hourMs },
      stop,
    ).catch((error: unknown) => expect(String(error)).toContain('Killed'));
  }
  await run();
  const all = await expected();
  expect(await stored()).toEqual(all);
  expect([...new Set(ids(await published()))]).toEqual(ids(all));
});

test('with memory for one key only, and restarts, it finds what it finds with memory for all', async () => {
  await storeArrivals(store, history, 'history');
  const keysAwakeMax = 1;
  for (const until of [monday + 4 * dayMs, monday + 6.5 * dayMs, monday + 8.3 * dayMs, end]) {
    await storeFrontier(store, until);
    const metrics = new Metrics();
    await run({ keysAwakeMax, stretchRowsMax: 300, metrics });
    expect(await metrics.text()).toMatch(/^tripkey_detector_keys_woken_total [1-9]/m);
  }
  const all = await expected(end, { keysAwakeMax });
  expect(await stored()).toEqual(all);
  expect(ids(await published())).toEqual(ids(all));
});

test('a detector that was killed before its first save begins again from the first arrival', async () => {
  await storeArrivals(store, [anArrival(monday), ...history], 'history');
  await storeFrontier(store, end);
  const stop = new AbortController();
  await run({ ...mortal(store, findings, { effects: 0, happens: false }, () => stop.abort()) }, stop).catch(
    () => {},
  );
  await run();
  expect(await stored()).toEqual(await expected());
});

test('of each gateway the last word of its current run is known, unless it was silent for days', async () => {
  const now = Date.now();
  const beat = (gateway: string, started_at: number, heard_at: number, emitted: number) => ({
    ...{
      gateway,
      started_at,
      sent_at: heard_at,
      heard_at,
      every_s: 30,
      emitted,
      ended: gateway === 'closed',
    },
  });
  const beats = [
    beat('edge', now - 2 * hourMs, now - hourMs, 900),
    beat('edge', now - hourMs, now - 60_000, 5),
    beat('edge', now - hourMs, now - 30_000, 7),
    beat('closed', now - hourMs, now - 30_000, 1),
    beat('gone', now - 9 * dayMs, now - 4 * dayMs, 1),
  ];
  await store.insert('gateway_heartbeats_v1', beats, 'beats');
  const book = new HeartbeatBook();
  await book.refresh(store, now);
  expect([...book.all()]).toEqual([
    { gateway: 'closed', startedAt: now - hourMs, heardAt: now - 30_000, overdueAt: 0, emitted: 1 },
    { gateway: 'edge', startedAt: now - hourMs, heardAt: now - 30_000, overdueAt: now + 120_000, emitted: 7 },
  ]);
});
