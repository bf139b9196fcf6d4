import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedClickHouse } from '@tripkey/clickhouse-embedded';
import type { Store } from '@tripkey/store';
import { cpuSeconds, rssMaxMb } from '../process-usage.ts';

/** What a way into the tables cost. CPU in seconds a million events. */
export interface Cost {
  readonly eventsPerS: number;
  /** Everything together. */
  readonly cpuSPerM: number;
  /** The process that reads and sends; 0 where the engine reads by itself. */
  readonly clientCpuSPerM: number;
  readonly engineCpuSPerM: number;
  readonly rssMaxMb: number;
  readonly rows: number;
}

/** A process that stores what is in a topic. */
export interface ConsumerProcess {
  /** A module that Node runs. */
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  /** Says by a line of its output that it has its partitions: from there on it is measured. */
  readonly hasBegun: (line: string) => boolean;
  readonly nodeArguments?: readonly string[];
}

const looksEveryMs = 250;

/**
 * Runs a process until the rows of a table are as many as there are events. What it needs to start and to join its
 * group is not measured.
 * @throws when it ends before, or makes no row for a minute
 */
export async function measureConsumer(
  consumer: ConsumerProcess,
  events: number,
  { store, engine, signal }: { store: Store; engine: EmbeddedClickHouse; signal: AbortSignal },
): Promise<Cost> {
  const child = spawn(process.execPath, [...(consumer.nodeArguments ?? []), consumer.main], {
    env: { ...process.env, ...consumer.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const tail: string[] = [];
  try {
    await begun(child, consumer.hasBegun, tail);
    const pid = child.pid!;
    const before = { at: performance.now(), client: cpuSeconds(pid), engine: cpuSeconds(engine.pid) };
    const rows = await rowsAtLeast(events, store, child, tail, signal);
    const seconds = (performance.now() - before.at) / 1_000;
    const client = cpuSeconds(pid) - before.client;
    const engineCpu = cpuSeconds(engine.pid) - before.engine;
    const millions = events / 1e6;
    return {
      eventsPerS: Math.round(events / seconds),
      cpuSPerM: (client + engineCpu) / millions,
      clientCpuSPerM: client / millions,
      engineCpuSPerM: engineCpu / millions,
      rssMaxMb: rssMaxMb(pid),
      rows,
    };
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

/** Resolves with the first line that says so; goes on emptying the output, of which it keeps the end. */
async function begun(child: ChildProcess, says: (line: string) => boolean, tail: string[]): Promise<void> {
  const found = Promise.withResolvers<void>();
  createInterface(child.stderr!).on('line', (line) => {
    tail.push(line);
    if (tail.length > 20) tail.shift();
    if (says(line)) found.resolve();
  });
  child.once('exit', () => found.reject(new Error(`it ended before it began:\n${tail.join('\n')}`)));
  await found.promise;
}

async function rowsAtLeast(
  events: number,
  store: Store,
  child: ChildProcess,
  tail: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  let rows = 0;
  for (let lastRise = performance.now(); rows < events; ) {
    await sleep(looksEveryMs, undefined, { signal });
    const now = await countRows(store);
    if (now > rows) lastRise = performance.now();
    rows = now;
    const over = child.exitCode !== null || child.signalCode !== null;
    if (over || performance.now() - lastRise > 60_000) {
      throw new Error(
        `${rows} of ${events} rows, ${over ? 'it ended' : 'none since a minute'}:\n${tail.join('\n')}`,
      );
    }
  }
  return rows;
}

/** Rows of the raw table: known to the engine without reading them. */
export async function countRows(store: Store): Promise<number> {
  const result = await store.client.query({
    query: 'SELECT count() AS n FROM requests_raw_v1',
    format: 'JSONEachRow',
  });
  const [row] = (await result.json()) as { n: number | string }[];
  return Number(row?.n ?? 0);
}
