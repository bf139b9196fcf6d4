import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import type { Arrival } from './gateway/delivery.ts';
import type { Labels } from './labels.ts';
import { planOf, type SimulationOptions } from './options.ts';
import { simulate } from './simulate.ts';

export interface WrittenSimulation {
  readonly eventsFile: string;
  readonly keysFile: string;
  readonly labelsFile: string;
  readonly events: number;
  readonly labels: Labels;
}

/** @param share of the simulated time that is written, 0 to 1 */
export type OnProgress = (progress: { events: number; share: number }) => void;

/** Text that goes to the compressor at once, characters. */
const chunkLength = 256 * 1024;

/**
 * Writes a simulation into a folder, which is made when it is missing: `events.ndjson.zst` in order of arrival,
 * `keys.ndjson`, `labels.json`.
 * @throws {UsageError} on options that make no sense; what the file system throws.
 */
export async function writeSimulation(
  options: SimulationOptions,
  dir: string,
  onProgress: OnProgress = () => {},
): Promise<WrittenSimulation> {
  const { from, to } = planOf(options);
  const { keys, labels, arrivals } = simulate(options);
  await mkdir(dir, { recursive: true });
  const eventsFile = join(dir, 'events.ndjson.zst');
  const keysFile = join(dir, 'keys.ndjson');
  const labelsFile = join(dir, 'labels.json');
  await writeFile(keysFile, keys.map((key) => `${JSON.stringify(key)}\n`).join(''));
  let events = 0;
  const counted = (chunk: { count: number; atMs: number }) => {
    events += chunk.count;
    onProgress({ events, share: Math.min(1, (chunk.atMs - from) / (to - from)) });
  };
  await pipeline(
    Readable.from(chunks(arrivals(), counted), { objectMode: false }),
    createZstdCompress(),
    createWriteStream(eventsFile),
  );
  const written: Labels = { ...labels, events };
  await writeFile(labelsFile, `${JSON.stringify(written, null, 1)}\n`);
  return { eventsFile, keysFile, labelsFile, events, labels: written };
}

function* chunks(
  arrivals: Iterable<Arrival>,
  counted: (chunk: { count: number; atMs: number }) => void,
): Generator<string> {
  let text = '';
  let count = 0;
  for (const { atMs, event } of arrivals) {
    text += `${JSON.stringify(event)}\n`;
    count++;
    if (text.length < chunkLength) continue;
    counted({ count, atMs });
    yield text;
    text = '';
    count = 0;
  }
  counted({ count, atMs: Number.POSITIVE_INFINITY });
  if (text !== '') yield text;
}
