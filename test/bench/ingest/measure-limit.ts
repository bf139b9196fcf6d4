import { rm, stat } from 'node:fs/promises';
import type { EmbeddedClickHouse } from '@tripkey/clickhouse-embedded';
import { requestColumns, type Store } from '@tripkey/store';
import { cpuSeconds } from '../process-usage.ts';
import { type Cost, countRows } from './contestant.ts';

/**
 * What the engine can do alone: rows that lie ready in a file, read by itself in one statement, into the same table
 * behind the same view. This is what INSERT … FROM INFILE does, without a client and without a wire.
 */
export async function measureLimit(
  file: string,
  events: number,
  { store, engine }: { store: Store; engine: EmbeddedClickHouse },
): Promise<Cost> {
  const columns = requestColumns.join(', ');
  const structure = await readStructure(store);
  const before = { at: performance.now(), cpu: cpuSeconds(engine.pid) };
  await store.command(
    `INSERT INTO requests_raw_v1 (${columns}) SELECT ${columns} FROM file('${file}', 'JSONCompactEachRow', '${structure}')`,
  );
  const seconds = (performance.now() - before.at) / 1_000;
  const cpu = (cpuSeconds(engine.pid) - before.cpu) / (events / 1e6);
  const rows = await countRows(store);
  return {
    eventsPerS: Math.round(events / seconds),
    cpuSPerM: cpu,
    clientCpuSPerM: 0,
    engineCpuSPerM: cpu,
    rssMaxMb: 0,
    rows,
  };
}

/** Writes the raw table into a file, for `measureLimit`. @returns its size in bytes */
export async function exportRows(file: string, { store }: { store: Store }): Promise<number> {
  await rm(file, { force: true });
  const columns = requestColumns.join(', ');
  await store.command(
    `INSERT INTO FUNCTION file('${file}', 'JSONCompactEachRow') SELECT ${columns} FROM requests_raw_v1 ` +
      'ORDER BY arrived_at, _partition, _offset, _idx',
  );
  return (await stat(file)).size;
}

async function readStructure(store: Store): Promise<string> {
  const result = await store.client.query({ query: 'DESCRIBE TABLE requests_raw_v1', format: 'JSONEachRow' });
  const types = new Map(
    ((await result.json()) as { name: string; type: string }[]).map(({ name, type }) => [name, type]),
  );
  return requestColumns.map((name) => `${name} ${types.get(name)!.replaceAll("'", "\\'")}`).join(', ');
}
