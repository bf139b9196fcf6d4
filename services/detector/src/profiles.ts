import { detectorProgress, profilesOfShard, type Store } from '@tripkey/store';
import type { Engine } from './engine/engine.ts';
import type { KeyStateJson } from './engine/key-state.ts';

/** Where a shard stands in the stream of arrivals. */
export interface Progress {
  /** Arrivals before this time are judged, learnt and saved. */
  readonly frontier: number;
  /** Findings detected before this time are published. */
  readonly publishedUntil: number;
}

/** Subject under which what is remembered beyond single keys is saved. */
const fleetSubject = 'fleet:all';

/** Rows of profiles in one insert. */
const rowsMax = 2_000;

/** Loads a shard's saved profiles into an engine; null when the shard never ran. */
export async function loadProfiles(store: Store, shard: number, engine: Engine): Promise<Progress | null> {
  const [progress] = await store.ask(detectorProgress, { shard });
  if (!progress) return null;
  for (const { subject, profile } of await store.ask(profilesOfShard, { shard })) {
    if (subject === fleetSubject) engine.restoreFleet(JSON.parse(profile));
    else engine.restore(JSON.parse(profile) as KeyStateJson);
  }
  return { frontier: progress.frontier, publishedUntil: progress.published_until };
}

/**
 * Saves the profiles that changed, then the frontier. A crash in between leaves profiles that are ahead of the
 * frontier; each says itself until when it learnt, and the engine skips for it what it has.
 */
export async function saveProfiles(
  store: Store,
  shard: number,
  engine: Engine,
  progress: Progress,
): Promise<void> {
  let rows: object[] = [];
  let part = 0;
  const flush = async () => {
    await store.insert('profiles_v1', rows, `profiles:${shard}:${progress.frontier}:${part++}`);
    rows = [];
  };
  for (const state of engine.takeDirty()) {
    rows.push({
      shard,
      subject: `key:${state.lineageId}`,
      learned_until: progress.frontier,
      profile: JSON.stringify(state),
    });
    if (rows.length >= rowsMax) await flush();
  }
  const fleet = JSON.stringify(engine.saveFleet());
  rows.push({ shard, subject: fleetSubject, learned_until: progress.frontier, profile: fleet });
  await flush();
  await saveProgress(store, shard, progress);
}

/** Saves where a shard stands. */
async function saveProgress(store: Store, shard: number, progress: Progress): Promise<void> {
  const row = {
    shard,
    frontier: progress.frontier,
    published_until: progress.publishedUntil,
    at: Date.now(),
  };
  await store.insert(
    'detector_progress_v1',
    [row],
    `progress:${shard}:${progress.frontier}:${progress.publishedUntil}`,
  );
}
