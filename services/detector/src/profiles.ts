import type { Clock } from '@tripkey/service-kit';
import {
  detectorProgress,
  profileGeneration,
  profilePages,
  profilesBetween,
  profilesOf,
  type Store,
} from '@tripkey/store';
import type { Engine } from './engine/engine.ts';
import type { FleetJson } from './engine/fleet-json.ts';
import type { KeyState } from './engine/key-state.ts';

/** Where a shard stands in the stream of arrivals. */
export interface Progress {
  /** Arrivals before this time are judged, learnt and saved. */
  readonly frontier: number;
  /** Findings detected before this time are published. */
  readonly publishedUntil: number;
}

/** Subject under which what is remembered beyond single keys is saved. */
const fleetSubject = 'fleet:all';

/** Rows of profiles in one insert, unless told otherwise. */
const rowsMaxDefault = 2_000;

/** Profiles in one answer. */
const pageRows = 5_000;

interface ProfileRow {
  readonly subject: string;
  readonly profile: string;
}

/**
 * What a detector shard learnt, kept in ClickHouse so that a restart takes it up exactly where the frontier stands.
 *
 * A save is many inserts and one that counts, that of the frontier. Each subject has two slots; a save writes the one
 * that does not count, so a crash anywhere in it leaves every profile as it was at the last frontier. Rows of an
 * unfinished save are ahead of the frontier and are not read; the next save of their subject writes over them.
 */
export class Profiles {
  readonly #store: Store;
  readonly #shard: number;
  readonly #clock: Clock;
  readonly #rowsMax: number;
  /** Subjects whose slot 1 counts; of all others slot 0 counts, or none yet. */
  readonly #inSlotOne = new Set<string>();
  #generation = 0;
  /** The frontier of the last save; null before the first. */
  #frontier: number | null = null;
  /** When the frontier was written last, epoch ms; the latest counts, also when a clock went back. */
  #writtenAt = 0;
  /** A save whose profiles are stored while the answer to its frontier is not known. */
  #unconfirmed: { progress: Progress; subjects: string[] } | null = null;

  constructor(store: Store, shard: number, clock: Clock, rowsMax = rowsMaxDefault) {
    this.#store = store;
    this.#shard = shard;
    this.#clock = clock;
    this.#rowsMax = rowsMax;
  }

  /** Loads what was saved into an engine; null when the shard never saved. */
  async load(engine: Engine): Promise<Progress | null> {
    const shard = this.#shard;
    const [last] = await this.#store.ask(profileGeneration, { shard });
    this.#generation = last?.generation ?? 0;
    const [progress] = await this.#store.ask(detectorProgress, { shard });
    if (!progress) return null;
    this.#writtenAt = progress.at;
    const { frontier } = progress;
    const [saved] = await this.#store.ask(profilesOf, { shard, frontier, subjects: [fleetSubject] });
    const fleet = saved ? (JSON.parse(saved.profile) as FleetJson) : null;
    // Page by page: all profiles of a large shard are more text than one answer can hold.
    const ends = await this.#store.ask(profilePages, { shard, rows_max: pageRows });
    let after = '';
    for (const to of [...ends.map(({ subject }) => subject), '']) {
      const page = await this.#store.ask(profilesBetween, { shard, frontier, after, to });
      for (const { subject, slot, profile } of page) {
        if (slot === 1) this.#inSlotOne.add(subject);
        if (subject !== fleetSubject) engine.restore(JSON.parse(profile), fleet?.asleepBefore);
      }
      after = to;
    }
    if (fleet !== null) engine.restoreFleet(fleet);
    this.#frontier = frontier;
    return { frontier, publishedUntil: progress.published_until };
  }

  /**
   * Puts the states of lineages back into the engine, of those that have one. What was put away has been saved, and
   * not changed since, so the profile at the last frontier is the state.
   */
  async wake(engine: Engine, lineageIds: readonly string[]): Promise<number> {
    let woken = 0;
    if (this.#frontier === null) return woken;
    for (let i = 0; i < lineageIds.length; i += pageRows) {
      const subjects = lineageIds.slice(i, i + pageRows).map((id) => `key:${id}`);
      const rows = await this.#store.ask(profilesOf, {
        ...{ shard: this.#shard, frontier: this.#frontier, subjects },
      });
      for (const { profile } of rows) engine.wake(JSON.parse(profile));
      woken += rows.length;
    }
    return woken;
  }

  /**
   * Saves the profiles that changed, then the frontier. The engine must stand exactly at the frontier.
   * @throws when ClickHouse does not take it; call again, with this frontier or a later one.
   */
  async save(engine: Engine, progress: Progress): Promise<void> {
    await this.#confirm();
    this.#generation++;
    const changed = engine.takeDirty();
    const subjects: string[] = [];
    try {
      let rows: ProfileRow[] = [];
      for (const row of profileRows(changed, engine)) {
        subjects.push(row.subject);
        rows.push(row);
        if (rows.length < this.#rowsMax) continue;
        await this.#insert(rows, progress.frontier);
        rows = [];
      }
      await this.#insert(rows, progress.frontier);
    } catch (error) {
      engine.markDirty(changed);
      throw error;
    }
    this.#unconfirmed = { progress, subjects };
    await this.#confirm();
    engine.putAway();
  }

  async #insert(rows: readonly ProfileRow[], frontier: number): Promise<void> {
    await this.#store.insert(
      'profiles_v2',
      rows.map((row) => ({
        ...row,
        shard: this.#shard,
        slot: this.#inSlotOne.has(row.subject) ? 0 : 1,
        generation: this.#generation,
        learned_until: frontier,
      })),
      `profiles:${this.#shard}:${this.#generation}:${rows[0]?.subject}`,
    );
  }

  /** Writes the frontier of stored profiles; from then on they count. The same row again changes nothing. */
  async #confirm(): Promise<void> {
    if (!this.#unconfirmed) return;
    const { progress, subjects } = this.#unconfirmed;
    this.#writtenAt = Math.max(this.#clock.now(), this.#writtenAt + 1);
    const row = {
      shard: this.#shard,
      frontier: progress.frontier,
      published_until: progress.publishedUntil,
      at: this.#writtenAt,
    };
    const token = `progress:${this.#shard}:${progress.frontier}:${progress.publishedUntil}`;
    await this.#store.insert('detector_progress_v1', [row], token);
    for (const subject of subjects) {
      if (!this.#inSlotOne.delete(subject)) this.#inSlotOne.add(subject);
    }
    this.#unconfirmed = null;
    this.#frontier = progress.frontier;
  }
}

function* profileRows(states: readonly KeyState[], engine: Engine): Generator<ProfileRow> {
  for (const state of states) yield { subject: `key:${state.lineageId}`, profile: JSON.stringify(state) };
  yield { subject: fleetSubject, profile: JSON.stringify(engine.saveFleet()) };
}
