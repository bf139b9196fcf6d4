import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedClickHouse } from '@tripkey/clickhouse-embedded';
import { ClickHouseConfig, migrate, openStore } from '@tripkey/store';
import * as z from 'zod';
import { defineMeasurement } from '../../measure/measurement.ts';
import { cpuSeconds } from '../process-usage.ts';
import { DetectorProcess } from './detector-process.ts';
import { fillMinute, fillProfiles } from './fill-store.ts';
import { trainModels } from './model-profiles.ts';

const minuteMs = 60_000;
/** Where the saved frontier stands; a Monday, ten minutes before an hour ends. */
const savedUntil = Date.parse('2026-03-16T10:45:00.000Z');
const models = 20;
/** Minutes after that at which a minute is busy; the last ends the hour. */
const firstMinute = 5;
const endOfHour = 17;
/** Minutes after the first one, of which the middle one counts. */
const minutes = 3;
/** What must hold: a minute of the largest fleet, from question to findings. */
const tickSecondsMax = 10;

/**
 * What a minute costs a detector that knows very many keys. Half of them are in use, half have not been used for ten days;
 * their profiles stand in ClickHouse and are read back as after a restart. Then a minute of requests arrives and is
 * judged, which is told apart since everything is touched for the first time, then some more, then one that ends an hour:
 * all keys awake are swept for silence, the hour is taught to those in use.
 */
export const benchDetector = defineMeasurement({
  name: 'detector',
  summary:
    'a minute, and the minute at the end of an hour, of a detector that knows 10,000 to a million keys',
  options: z.object({
    keys: z.string().default('10000,100000,1000000').describe('sizes of the fleet, by comma'),
    activeShare: z.coerce
      .number()
      .min(0.001)
      .max(0.5)
      .default(0.1)
      .describe('keys that are used in a minute'),
    requestsPerKey: z.coerce.number().int().positive().default(2).describe('requests of each in the minute'),
    keysAwakeMax: z.coerce.number().int().positive().default(500_000).describe('states that stay in memory'),
    heapMbMax: z.coerce.number().int().positive().default(6_000).describe("limit of the detector's heap, MB"),
    profile: z.string().default('').describe('folder for CPU profiles of the detector'),
  }),
  async run({ options, log, signal }) {
    const figures: Record<string, number> = {};
    const trained = trainModels(models, savedUntil);
    let tickSeconds = Number.NaN;
    for (const keys of options.keys.split(',').map(Number)) {
      if (signal.aborted) break;
      const cost = await measure(keys, trained, { ...options, log });
      log(`${keys} keys: ${JSON.stringify(cost)}`);
      tickSeconds = cost.tick_s;
      for (const [name, value] of Object.entries(cost)) figures[nameOf(name, keys)] = value;
    }
    return { figures, held: tickSeconds < tickSecondsMax };
  },
});

/** `tick_s` of a million keys is `tick_1m_keys_s`: the unit stays last. */
function nameOf(name: string, keys: number): string {
  const size = keys >= 1_000_000 ? `${keys / 1_000_000}m` : `${keys / 1_000}k`;
  const unit = name.lastIndexOf('_');
  return `${name.slice(0, unit)}_${size}_keys${name.slice(unit)}`;
}

async function measure(
  keys: number,
  trained: ReturnType<typeof trainModels>,
  options: {
    activeShare: number;
    requestsPerKey: number;
    keysAwakeMax: number;
    heapMbMax: number;
    profile: string;
    log(line: string): void;
  },
) {
  const { requestsPerKey, log } = options;
  const folder = await mkdtemp(join(tmpdir(), 'tripkey-bench-'));
  try {
    await using engine = await startEmbeddedClickHouse({ folder, log: () => {} });
    const config = ClickHouseConfig.parse({ url: engine.url, requestTimeoutMs: 300_000 });
    await migrate(config);
    await using store = openStore(config);
    log(`${keys} keys: writing their profiles`);
    await fillProfiles(store, trained, keys, savedUntil);
    const activeKeys = Math.round(keys * options.activeShare);
    const busy = (from: number) => fillMinute(store, { from, keys, activeKeys, requestsPerKey });

    log(`${keys} keys: a detector reads them back`);
    const startedAt = performance.now();
    await using detector = new DetectorProcess(engine.url, options);
    await detector.loaded();
    const loadSeconds = (performance.now() - startedAt) / 1_000;

    const costs: { tick: number; save: number; detector: number; engine: number }[] = [];
    let before = detector.said;
    const judge = async (at: number) => {
      const cpu = { detector: detector.cpuS, engine: cpuSeconds(engine.pid) };
      await busy(savedUntil + at * minuteMs);
      const said = await detector.savedUntil(savedUntil + (at + 1) * minuteMs, before.saves + 1);
      costs.push({
        ...{ tick: said.stretch_s - before.stretch_s, save: said.save_s - before.save_s },
        ...{ detector: detector.cpuS - cpu.detector, engine: cpuSeconds(engine.pid) - cpu.engine },
      });
      before = said;
    };
    log(`${keys} keys: the first minute with ${activeKeys} of them, then ${minutes} more`);
    for (let i = 0; i <= minutes; i++) await judge(firstMinute + i);
    log(`${keys} keys: the minute that ends an hour`);
    await judge(endOfHour);
    const [first, ...others] = costs;
    const hour = others.pop()!;
    const middle = (cost: keyof typeof hour) =>
      others.map((one) => one[cost]).toSorted((a, b) => a - b)[Math.floor(minutes / 2)]!;
    return {
      tick_s: round(middle('tick')),
      tick_first_s: round(first!.tick),
      save_s: round(middle('save')),
      refresh_s: round(hour.tick + hour.save),
      load_s: round(loadSeconds),
      cpu_detector_s: round(middle('detector')),
      cpu_clickhouse_s: round(middle('engine')),
      awake_n: before.keys,
      woken_n: before.woken,
      active_n: activeKeys,
      rss_max_mb: detector.rssMaxMb,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const round = (value: number) => Math.round(value * 100) / 100;
