import type { Finding } from '@tripkey/contract';
import { Metrics } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import { migrate, openStore, type Store, slowestDetector } from '@tripkey/store';
import { profileOf } from '@tripkey/store/reading';
import type { Sink } from '@tripkey/stream';
import { InMemoryBroker } from '@tripkey/stream/memory';
import { clickHouseConfig } from '@tripkey/test/harness';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DetectorParts, detector } from '../detector.ts';
import { readTicks } from '../read-activity.ts';
import { anEngine, judgeAll } from '../testing/an-engine.ts';
import { publishedFindings, sorted, storedFindings } from '../testing/findings-told.ts';
import { HastyClock } from '../testing/hasty-clock.ts';
import {
  type Arrival,
  anArrival,
  aTheft,
  dayMs,
  hourMs,
  minuteMs,
  monday,
  routine,
} from '../testing/made-traffic.ts';
import { mortal } from '../testing/mortal.ts';
import { paused } from '../testing/paused.ts';
import { storeArrivals, storeFrontier } from '../testing/store-arrivals.ts';
import { shardsOf } from './shard.ts';

const tickMs = minuteMs;
const end = monday + 9 * dayMs;
const count = 2;
const keys = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({
  keyId: `key_${name}`,
  accountId: `acct_${name}`,
}));

/** Nine days of six keys of six accounts, some stolen, and an address that tries the keys of all and made-up ones. */
const history: Arrival[] = [
  ...keys.flatMap((key) => [
    ...routine({ from: monday, to: end, everyMs: 60 * minuteMs, requests: 3 }, key),
    ...aTheft(monday + 8.4 * dayMs, { ...key, ip: '198.51.100.9', traffic: { requests: 2, denied: 2 } }),
  ]),
  ...keys.flatMap((key, i) => aTheft(monday + (6.1 + i * 0.45) * dayMs, key)),
  ...Array.from({ length: 40 }, (_, i) =>
    anArrival(monday + 7.6 * dayMs + i * minuteMs, {
      ...{ keyId: `made_up_${i}`, accountId: '', appId: '', ip: '198.51.100.77', network: '198.51.100.0/24' },
      traffic: { requests: 1, denied: 1 },
    }),
  ),
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
  await storeArrivals(store, history, 'history');
});
afterEach(() => store[Symbol.asyncDispose]());

/** A detector of its own name; what ends with `Killed` ended as was wanted. */
async function run(changes: Partial<DetectorParts>, stop: AbortController): Promise<void> {
  await detector(
    {
      ...{ store, findings, tickMs, stretchMsMax: 6 * hourMs, saveEveryMs: 0, profileRowsMax: 2 },
      ...{ clock: new HastyClock(50), log: silentLogger, metrics: new Metrics() },
      ...{ shards: count, leaseMs: 3_000, lookEveryMs: 20 },
      ...changes,
    },
    stop.signal,
  ).catch((error: unknown) => expect(String(error)).toContain('Killed'));
}

/** Waits until all that arrived before a time is judged and saved, in every shard. */
const judgedUntil = (time: number, shards: number) =>
  eventually(async () => {
    const [slowest] = await store.ask(slowestDetector, {});
    expect(slowest).toMatchObject({ shards, frontier: time });
  });

/** What the engines of all shards say that are never interrupted. */
async function expected(): Promise<Finding[]> {
  const all = [];
  for (const { rules, arrivals, tells } of shardsOf(count)) {
    const ticks = await readTicks(store, monday, end, tickMs, arrivals);
    all.push(...judgeAll(anEngine([], rules), ticks).filter(tells));
  }
  return sorted(all);
}

test('each key is read by one shard of keys, the one that says so, and by the shard of the fleet', async () => {
  const shards = shardsOf(3);
  const read = await Promise.all(
    shards.map(async ({ arrivals }) => {
      const ticks = await readTicks(store, monday, end, tickMs, arrivals);
      const rows = ticks.flatMap(({ activity }) => activity);
      return [...new Map(rows.map((row) => [row.keyId, row.accountId]))].toSorted();
    }),
  );
  const all = read.at(-1)!;
  expect(all.length).toBeGreaterThan(keys.length);
  const saysSo = (shard: (typeof shards)[number]) =>
    all.filter(([key_id, account_id]) => shard.reads({ key_id, account_id }));
  expect(read).toEqual(shards.map(saysSo));
  expect(read.slice(0, -1).flat().toSorted()).toEqual(all);
});

const stored = () => storedFindings(store);

/** The ids on the topic, each once: who reads them knows a finding by its id. */
const published = async () => [
  ...new Set((await publishedFindings(broker)).map(({ finding_id }) => finding_id)),
];

const fate = fc.record({
  kind: fc.constantFrom('killed' as const, 'paused' as const, 'paused' as const, 'well' as const),
  effects: fc.integer({ min: 0, max: 24 }),
  happens: fc.boolean(),
});

test('two detectors that are killed and paused anywhere find what the shards find undisturbed', async () => {
  const rounds = fc.sample(fc.tuple(fate, fate), { numRuns: 8, seed: 20_260_714 });
  for (const [round, fates] of rounds.entries()) {
    const until = round === rounds.length - 1 ? end : monday + (round + 1) * 26 * hourMs;
    await storeFrontier(store, until);
    const goOn = Promise.withResolvers<void>();
    const stops = fates.map(() => new AbortController());
    const running = fates.map(({ kind, effects, happens }, i) => {
      const stop = stops[i]!;
      const how =
        kind === 'killed'
          ? mortal(store, findings, { effects, happens }, () => stop.abort())
          : kind === 'paused'
            ? paused(store, findings, effects, goOn.promise)
            : {};
      return run({ ...how, member: `detector-${round}-${i}` }, stop);
    });
    // Whoever is well does the work; then the paused ones go on, as if nothing had happened.
    const isWorkDone = fates.some(({ kind }) => kind === 'well');
    if (isWorkDone) await judgedUntil(until, count + 1);
    goOn.resolve();
    const isSomebodyLeft = fates.some(({ kind }) => kind !== 'killed');
    if (isSomebodyLeft) await judgedUntil(until, count + 1);
    for (const stop of stops) stop.abort();
    await Promise.all(running);
  }
  const all = await expected();
  expect(new Set(all.map(({ subject }) => subject.kind))).toEqual(new Set(['key', 'source']));
  expect(await stored()).toEqual(all);
  expect(await published()).toEqual(all.map((finding) => finding.finding_id));
});

test('a detector that comes gets its share, and one that ends gives its shards back at once', async () => {
  await storeFrontier(store, monday + dayMs);
  const [first, second] = [new AbortController(), new AbortController()];
  const metrics = [new Metrics(), new Metrics()];
  const has = (i: number, shards: number) =>
    eventually(async () => expect(await metrics[i]!.text()).toContain(`tripkey_detector_shards ${shards}\n`));
  // So long a lease that nothing is taken over because one ran out.
  const leaseMs = 120_000;
  const clock = new HastyClock();
  const running = run({ member: 'first', metrics: metrics[0]!, leaseMs, clock }, first);
  await has(0, 3);
  const joined = run({ member: 'second', metrics: metrics[1]!, leaseMs, clock }, second);
  await has(1, 1);
  await has(0, 2);
  first.abort();
  await running;
  await has(1, 3);
  await storeFrontier(store, end);
  await judgedUntil(end, 3);
  second.abort();
  await joined;
  expect(await stored()).toEqual(await expected());
});

test('what one detector alone has learnt is shared out when there are several shards', async () => {
  const split = monday + 7 * dayMs;
  await storeFrontier(store, split);
  const alone = new AbortController();
  // Nobody dies here: on a busy machine a short lease would only pass shards back and forth.
  const leaseMs = 120_000;
  const ahead = new HastyClock(Number.POSITIVE_INFINITY);
  await ahead.sleep(hourMs);
  await run({ shards: 1, leaseMs, clock: ahead, onCaughtUp: () => alone.abort() }, alone);
  const before = await stored();
  await storeFrontier(store, end);
  const together = new AbortController();
  const running = run({ member: 'first', leaseMs }, together);
  await judgedUntil(end, 3);
  together.abort();
  await running;
  const after = await stored();
  const ids = new Set(after.map(({ finding_id }) => finding_id));
  expect(before.every(({ finding_id }) => ids.has(finding_id))).toBe(true);
  // A key that began anew in its shard would have nothing to be compared with.
  const late = (all: readonly Finding[]) =>
    all.filter((one) => Date.parse(one.detected_at) > split).map((one) => one.finding_id);
  expect(late(after)).toEqual(late(await expected()));
  const [profile] = await store.ask(profileOf, { subject: 'key:key_a' });
  expect(JSON.parse(profile!.profile).firstSeenAt).toBeLessThan(monday + dayMs);
});
