import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Whether the engine was stopped properly. Kept in a file, because an engine that was killed may have lost the end of
 * an insert that it answers for (its deduplication record is written before the part), and whoever inserts must then
 * compare what is stored with what was sent.
 */
export interface RunState {
  readonly state: 'running' | 'stopped';
  readonly pid: number;
  /** How often the engine was started on this folder, this time included. */
  readonly starts: number;
  /** How often it ended without a proper stop. Grows for ever: compare it with the value last dealt with. */
  readonly uncleanStops: number;
  /** False when the run before this one ended without a proper stop. */
  readonly lastStopClean: boolean;
  /** RFC 3339 */
  readonly startedAt: string;
}

/** Records that the engine runs now. Call it while holding the engine's lock, before the first request. */
export function markRunning(folder: string, now: Date): RunState {
  const before = readRunState(folder);
  const lastStopClean = before === undefined || before.state === 'stopped';
  const state: RunState = {
    state: 'running',
    pid: process.pid,
    starts: (before?.starts ?? 0) + 1,
    uncleanStops: (before?.uncleanStops ?? 0) + (lastStopClean ? 0 : 1),
    lastStopClean,
    startedAt: now.toISOString(),
  };
  write(folder, state);
  return state;
}

/** Records a proper stop. Call it after the engine is closed. */
export function markStopped(folder: string, state: RunState): void {
  write(folder, { ...state, state: 'stopped' });
}

/** The recorded state; undefined when the folder is new. A file that cannot be read counts as an unclean stop. */
export function readRunState(folder: string): RunState | undefined {
  let text: string;
  try {
    text = readFileSync(file(folder), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const unknown = {
    state: 'running',
    pid: 0,
    starts: 0,
    uncleanStops: 0,
    lastStopClean: false,
    startedAt: '',
  } as const;
  try {
    return { ...unknown, ...(JSON.parse(text) as Partial<RunState>) };
  } catch {
    return unknown;
  }
}

const file = (folder: string) => join(folder, 'run-state.json');

function write(folder: string, state: RunState): void {
  const next = `${file(folder)}.next`;
  const descriptor = openSync(next, 'w');
  try {
    writeSync(descriptor, `${JSON.stringify(state)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(next, file(folder));
  const parent = openSync(dirname(file(folder)), 'r');
  try {
    fsyncSync(parent);
  } finally {
    closeSync(parent);
  }
}
