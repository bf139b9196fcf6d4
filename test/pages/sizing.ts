/**
 * What things cost, as measured (docs/benchmarks.md). The table of docs/scaling.md follows from these figures: change
 * one, and a test says what the page has to be.
 */
export const measured = {
  /** CPU of an ingest process, s a million events. */
  ingestCpuS: 7.5,
  /** CPU of ClickHouse for the inserts, rollups and merges of them, s a million events. */
  insertCpuS: 7.9,
  /** Events a second that one process of ingest takes at most. */
  ingestPerSecondMax: 112_237,
  /** CPU of a detector for a key that is used in a tick, with its share of saving, ms. */
  judgeCpuMs: 0.09,
  /** CPU of ClickHouse for the same. */
  readCpuMs: 0.15,
  /** Memory of a detector for a key in use, with what garbage collection needs, KB. */
  keyMemoryKb: 12.4,
  /** Keys in use that one shard is given. */
  shardKeysMax: 250_000,
  /** What is stored of an event, with rollups, bytes on disk. */
  diskBytes: 100,
} as const;

/** Load of cores that leaves room for catching up after an outage. */
const loadMax = 0.5;
const tickSeconds = 5;
const retentionDays = 30;

interface Fleet {
  readonly name: string;
  readonly perSecond: number;
  /** Keys in use at the same time; in a tick half of them make a request. */
  readonly keys: number;
}

const fleets: readonly Fleet[] = [
  { name: 'laptop', perSecond: 100, keys: 500 },
  { name: 'one machine', perSecond: 10_000, keys: 20_000 },
  { name: 'a few machines', perSecond: 100_000, keys: 200_000 },
  { name: 'a cluster', perSecond: 1_000_000, keys: 1_000_000 },
];

/** The table of docs/scaling.md. */
export function renderSizing(): string {
  const head = [
    'for',
    'events/s',
    'keys in use',
    'ingest: cores',
    'processes',
    'detector: cores',
    'shards',
    'memory of each',
    'ClickHouse: cores',
    `disk, ${retentionDays} days`,
  ];
  const rows = fleets.map((fleet) => cellsOf(fleet));
  const width = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(width[i]!)).join(' | ')} |`;
  return [line(head), line(width.map((n) => '-'.repeat(n))), ...rows.map(line)].join('\n');
}

function cellsOf({ name, perSecond, keys }: Fleet): string[] {
  const millions = perSecond / 1_000_000;
  const activeKeys = Math.min(keys / 2, perSecond * tickSeconds) / tickSeconds;
  const ingestCores = (millions * measured.ingestCpuS) / loadMax;
  const detectorCores = (activeKeys * measured.judgeCpuMs) / 1_000 / loadMax;
  const clickhouseCores =
    (millions * measured.insertCpuS + (activeKeys * measured.readCpuMs) / 1_000) / loadMax;
  const shards = Math.ceil(Math.max(keys / measured.shardKeysMax, detectorCores));
  const memoryGb = 0.5 + (keys / shards) * measured.keyMemoryKb * 1e-6;
  const diskTb = (perSecond * 86_400 * retentionDays * measured.diskBytes) / 1e12;
  return [
    name,
    perSecond.toLocaleString('en'),
    keys.toLocaleString('en'),
    cores(ingestCores),
    String(Math.ceil(perSecond / (measured.ingestPerSecondMax * loadMax))),
    cores(detectorCores),
    String(shards),
    `${memoryGb.toFixed(1)} GB`,
    cores(clickhouseCores),
    diskTb < 1 ? `${Math.round(diskTb * 1_000)} GB` : `${Math.round(diskTb)} TB`,
  ];
}

function cores(value: number): string {
  if (value < 0.1) return '< 0.1';
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
