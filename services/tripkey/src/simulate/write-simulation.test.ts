import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { simulate } from './simulate.ts';
import { writeSimulation } from './write-simulation.ts';

const options = {
  seed: 3,
  start: '2026-02-02T00:00:00.000Z',
  days: 4,
  keys: 20,
  eventsPerKeyDay: 100,
} as const;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tripkey-simulation-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('the files hold what the simulation made, and progress ends at the whole', async () => {
  const shares: number[] = [];
  const written = await writeSimulation(options, join(dir, 'new'), ({ share }) => shares.push(share));
  const { keys, events, labels } = simulate(options);
  const lines = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  const eventsText = zstdDecompressSync(await readFile(written.eventsFile)).toString();
  expect(lines(eventsText)).toEqual([...events()]);
  expect(lines(await readFile(written.keysFile, 'utf8'))).toEqual(keys);
  expect(JSON.parse(await readFile(written.labelsFile, 'utf8'))).toEqual({
    ...labels,
    events: written.events,
  });
  expect(shares.at(-1)).toBe(1);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
});
