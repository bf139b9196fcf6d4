import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startEmbeddedClickHouse } from '@tripkey/clickhouse-embedded';
import { topics } from '@tripkey/contract';
import { ClickHouseConfig, foldEndpointUse, migrate, openStore } from '@tripkey/store';
import { openKafka } from '@tripkey/stream/kafka';
import * as z from 'zod';
import { startOwnKafka } from '../../harness/start-own-kafka.ts';
import { defineMeasurement } from '../../measure/measurement.ts';
import { cpuSeconds } from '../process-usage.ts';
import { type ConsumerProcess, type Cost, measureConsumer } from './contestant.ts';
import { madeUpEvent } from './made-up-events.ts';
import { exportRows, measureLimit } from './measure-limit.ts';

const oursMain = fileURLToPath(new URL('../../../services/ingest/src/main.ts', import.meta.url));
const naiveMain = fileURLToPath(new URL('naive-main.ts', import.meta.url));
const database = 'bench';
/** Events that are in the topic some time before the others. */
const olderEvents = 1_000;
const olderMs = 3_000;

/** What must hold (DESIGN: events a second on two cores; against the naive pipeline; against the engine alone). */
const bars = { eventsPerS: 100_000, toNaive: 2.5, toLimit: 0.3 };

/**
 * The way of an event from Kafka into the tables, three times: by services/ingest as it is run in production
 * (enrichment, secret firewall, rollup, exactly-once protocol), by the pipeline everybody writes, and by the engine
 * alone. The topic is filled before; every contestant has an engine of its own on an empty folder.
 */
export const benchIngest = defineMeasurement({
  name: 'ingest',
  summary: 'events a second from Kafka into ClickHouse: ours, the usual pipeline, and the engine alone',
  options: z.object({
    events: z.coerce.number().int().min(10_000).default(2_000_000).describe('events in the topic'),
    partitions: z.coerce.number().int().positive().default(6).describe('of the topic'),
    profile: z.string().default('').describe('folder for a CPU profile of ours'),
    only: z.enum(['all', 'ours']).default('all').describe('ours: measure nothing else'),
  }),
  async run({ options, seed, log, signal }) {
    const { events, partitions, profile, only } = options;
    const folder = await mkdtemp(join(tmpdir(), 'tripkey-bench-'));
    try {
      log('starting Kafka');
      await using kafka = await startOwnKafka();
      const broker = kafka.brokers[0]!;
      log(`filling the topic with ${events} events`);
      await fillTopic(broker, { events, partitions, seed, signal });

      const rowsFile = join(folder, 'rows.jsonl');
      log('ours');
      const ours = await withEngine(join(folder, 'ours'), async (place) => {
        const cost = await measureConsumer(oursProcess(broker, place.engine.url, profile), events, {
          ...place,
          signal,
        });
        if (only === 'all') await exportRows(rowsFile, place);
        const foldSPerM = await measureFold(place, events);
        return { ...cost, foldSPerM, rollup: await countRollup(place.store) };
      });
      log(told(ours));
      const held = ours.rows === events && ours.rollup === events;
      const stored = {
        events,
        ours_rows: ours.rows,
        ours_rollup_requests: ours.rollup,
        fold_cpu_s_per_m: round(ours.foldSPerM),
      };
      if (only === 'ours') return { figures: { ...stored, ...figuresOf('ours', ours) }, held };

      log('the usual pipeline');
      const naive = await withEngine(join(folder, 'naive'), (place) =>
        measureConsumer(naiveProcess(broker, place.engine.url), events, { ...place, signal }),
      );
      log(told(naive));
      log('the engine alone');
      const limit = await withEngine(join(folder, 'limit'), (place) => measureLimit(rowsFile, events, place));
      log(told(limit));

      const toNaive = ours.eventsPerS / naive.eventsPerS;
      const toLimit = ours.eventsPerS / limit.eventsPerS;
      return {
        figures: {
          ...stored,
          ...figuresOf('ours', ours),
          ...figuresOf('naive', naive),
          ...figuresOf('limit', limit),
          ours_to_naive: round(toNaive),
          ours_to_limit: round(toLimit),
          rss_max_mb: ours.rssMaxMb,
        },
        held:
          held &&
          limit.rows === events &&
          ours.eventsPerS >= bars.eventsPerS &&
          toNaive >= bars.toNaive &&
          toLimit >= bars.toLimit,
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

function oursProcess(broker: string, url: string, profile: string): ConsumerProcess {
  return {
    main: oursMain,
    env: {
      TRIPKEY_KAFKA__BROKERS: broker,
      TRIPKEY_CLICKHOUSE__URL: url,
      TRIPKEY_CLICKHOUSE__DATABASE: database,
      TRIPKEY_PIPELINE__PEPPER: 'a pepper for measuring only',
      TRIPKEY_HEALTH__PORT: '0',
    },
    hasBegun: (line) => line.includes('partitions assigned') && line.includes(topics.requests),
    nodeArguments: profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [],
  };
}

function naiveProcess(broker: string, url: string): ConsumerProcess {
  return {
    main: naiveMain,
    env: { NAIVE_BROKER: broker, NAIVE_TOPIC: topics.requests, NAIVE_URL: url, NAIVE_DATABASE: database },
    hasBegun: (line) => line === 'joined',
  };
}

interface Place {
  readonly engine: Awaited<ReturnType<typeof startEmbeddedClickHouse>>;
  readonly store: ReturnType<typeof openStore>;
}

async function withEngine<T>(folder: string, work: (place: Place) => Promise<T>): Promise<T> {
  await using engine = await startEmbeddedClickHouse({ folder, log: () => {} });
  const config = ClickHouseConfig.parse({ url: engine.url, database, requestTimeoutMs: 600_000 });
  await migrate(config);
  await using store = openStore(config);
  return await work({ engine, store });
}

async function fillTopic(
  address: string,
  {
    events,
    partitions,
    seed,
    signal,
  }: { events: number; partitions: number; seed: number; signal: AbortSignal },
): Promise<void> {
  // What a retry would send twice would be stored, and counted once: not as many rows as events.
  await using broker = await openKafka({ brokers: [address], clientId: 'bench', idempotent: true });
  await broker.ensureTopics([{ topic: topics.requests, partitions }]);
  const sink = broker.sink(topics.requests);
  const send = async (numbers: readonly number[]) => {
    const events = numbers.map((number) => madeUpEvent(number, seed, Date.now()));
    await sink.send(events.map((event) => ({ key: event.key_id, value: JSON.stringify(event) })));
  };
  // A topic in use: only of events older than what a member has read must it ask whether they are repeated.
  await send(Array.from({ length: olderEvents }, (_, i) => i));
  await sleep(olderMs, undefined, { signal });
  for (let from = olderEvents; from < events; from += 5_000) {
    signal.throwIfAborted();
    const numbers = Array.from({ length: Math.min(5_000, events - from) }, (_, i) => from + i);
    await send(numbers);
  }
}

/**
 * What the tick beside ingest costs that folds first and last uses of endpoints, CPU seconds a million events. While
 * ours is measured it runs as it does in production, but not over all events.
 */
async function measureFold({ store, engine }: Place, events: number): Promise<number> {
  const before = cpuSeconds(engine.pid);
  await foldEndpointUse(store, { from: 0, to: Date.now() });
  return (cpuSeconds(engine.pid) - before) / (events / 1e6);
}

async function countRollup(store: Place['store']): Promise<number> {
  const result = await store.client.query({
    query: 'SELECT sum(requests) AS n FROM usage_per_minute_v1',
    format: 'JSONEachRow',
  });
  const [row] = (await result.json()) as { n: number | string }[];
  return Number(row?.n ?? 0);
}

function figuresOf(name: string, cost: Cost): Record<string, number> {
  return {
    [`${name}_events_per_s`]: cost.eventsPerS,
    [`${name}_cpu_s_per_m`]: round(cost.cpuSPerM),
    [`${name}_client_cpu_s_per_m`]: round(cost.clientCpuSPerM),
    [`${name}_engine_cpu_s_per_m`]: round(cost.engineCpuSPerM),
  };
}

function told({ eventsPerS, clientCpuSPerM, engineCpuSPerM }: Cost): string {
  return `${eventsPerS} events/s, CPU s/M: client ${round(clientCpuSPerM)}, engine ${round(engineCpuSPerM)}`;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
