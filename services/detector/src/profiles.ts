import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '@tripkey/service-kit';
import {
  copyProfiles,
  detectorProgress,
  ProfileBlock,
  profilePages,
  profilesBetween,
  profilesOf,
  type Store,
  savesOfEpochMax,
} from '@tripkey/store';
import type { Engine } from './engine/engine.ts';
import type { FleetJson } from './engine/fleet-json.ts';
import type { KeyState } from './engine/key-state.ts';
import type { HeldShard } from './shards/claims.ts';
import { singleShard } from './shards/shard.ts';

/** Which saves count: of each claim that saved, from which frontier it went on. */
interface Saves {
  readonly epochs: number[];
  readonly started_from: number[];
}

/** Where a shard stands in the stream of arrivals. */
export interface Progress {
  /** Arrivals before this time are judged, learnt and saved. */
  readonly frontier: number;
  /** Findings detected before this time are published. */
  readonly publishedUntil: number;
}

/** Subject under which what is remembered beyond single keys is saved. */
const fleetSubject = 'fleet:all';

/** So many profiles are written as text before whatever else waits has its turn. */
const profilesOfTurn = 50;

/** Bytes of profiles in one insert, but for one profile alone. */
const blockBytesMax = 32_000_000;

/** Rows of profiles in one insert, unless told otherwise. */
const rowsMaxDefault = 2_000;

/** Profiles in one answer. */
const pageRows = 5_000;

/**
 * What a detector shard learnt, kept in ClickHouse so that a restart takes it up exactly where the frontier stands.
 *
 * A save is many inserts and one that counts, that of the frontier. Each subject has two slots; a save writes the one
 * that does not count, so a crash anywhere in it leaves every profile as it was at the last frontier. Rows of an
 * unfinished save are ahead of the frontier and are not read; the next save of their subject writes over them.
 *
 * Two owners of a shard can be at it at once when the one before was paused and does not know that it lost the shard. It asks
 * before each save, so that it ends at most the save in which it was paused. That one changes nothing: its frontier is of
 * an earlier epoch; its profiles lie in slots that did not count when the shard was taken over, lose against those of the
 * later epoch, and where there are none they are beyond the frontier from which the later epoch went on.
 */
export class Profiles {
  readonly #store: Store;
  readonly #held: HeldShard;
  readonly #shard: number;
  readonly #clock: Clock;
  readonly #rowsMax: number;
  /** Subjects whose slot 1 counts; of all others slot 0 counts, or none yet. */
  readonly #inSlotOne = new Set<string>();
  #generation: number;
  /** The frontier from which this claim went on. */
  #startedFrom = 0;
  #saves: Saves = { epochs: [], started_from: [] };
  /** The frontier of the last save; null before the first. */
  #frontier: number | null = null;
  /** When the frontier was written last, epoch ms; the latest counts, also when a clock went back. */
  #writtenAt = 0;
  /** One is stored while the other is filled. */
  #blocks = [new ProfileBlock(), new ProfileBlock()] as const;
  /** A save whose profiles are stored while the answer to its frontier is not known. */
  #unconfirmed: { progress: Progress; subjects: string[] } | null = null;

  constructor(store: Store, held: HeldShard, clock: Clock, rowsMax = rowsMaxDefault) {
    this.#store = store;
    this.#held = held;
    this.#shard = held.shard.id;
    this.#generation = held.epoch * savesOfEpochMax;
    this.#clock = clock;
    this.#rowsMax = rowsMax;
  }

  /** The frontier of the last save, epoch ms; 0 before the first. */
  get savedUntil(): number {
    return this.#frontier ?? 0;
  }

  /**
   * Takes the shard over as it was saved last and loads it into an engine; null when it never saved. The shard has to be
   * claimed before: from then on nobody else begins a save of it.
   */
  async load(engine: Engine): Promise<Progress | null> {
    const shard = this.#shard;
    const progress = (await this.#takeOver(shard)) ?? (await this.#copyFromSingle());
    if (!progress) return null;
    const { frontier } = progress;
    const at = { shard, frontier, ...this.#saves };
    const [saved] = await this.#store.ask(profilesOf, { ...at, subjects: [fleetSubject] });
    const fleet = saved ? (JSON.parse(saved.profile) as FleetJson) : null;
    // Page by page: all profiles of a large shard are more text than one answer can hold.
    const ends = await this.#store.ask(profilePages, { shard, rows_max: pageRows });
    let after = '';
    for (const to of [...ends.map(({ subject }) => subject), '']) {
      const page = await this.#store.ask(profilesBetween, { ...at, after, to });
      for (const { subject, slot, profile } of page) {
        if (slot === 1) this.#inSlotOne.add(subject);
        if (subject !== fleetSubject) engine.restore(JSON.parse(profile), fleet?.asleepBefore);
      }
      after = to;
    }
    if (fleet !== null) engine.restoreFleet(fleet);
    this.#frontier = frontier;
    return progress;
  }

  /** Says from which frontier this claim goes on: what an earlier owner writes beyond it does not count any more. */
  async #takeOver(shard: number): Promise<Progress | null> {
    const all = await this.#store.ask(detectorProgress, { shard });
    const [last] = all;
    if (!last) return null;
    const progress = { frontier: last.frontier, publishedUntil: last.published_until };
    this.#writtenAt = last.at;
    this.#noteSaves(all);
    await this.#goOnFrom(progress);
    return progress;
  }

  /** What one detector alone has learnt of everything becomes what this shard knows of its part. */
  async #copyFromSingle(): Promise<Progress | null> {
    const { shard, epoch } = this.#held;
    const all = await this.#store.ask(detectorProgress, { shard: singleShard.id });
    const [last] = all;
    if (!last || shard.id === singleShard.id) return null;
    const progress = { frontier: last.frontier, publishedUntil: last.published_until };
    // What is written last says how many shards there are, also when our clock is behind the one of before.
    this.#writtenAt = last.at;
    this.#noteSaves(all);
    await this.#store.client.command({
      query: copyProfiles,
      query_params: {
        ...{ shard: singleShard.id, frontier: progress.frontier, ...this.#saves },
        ...{ to_shard: shard.id, generation: epoch * savesOfEpochMax },
        ...{ keys_of: 0, part: 0, ...shard.arrivals },
      },
    });
    this.#saves = { epochs: [], started_from: [] };
    await this.#goOnFrom(progress);
    return progress;
  }

  #noteSaves(all: readonly { epoch: number; started_from: number }[]): void {
    this.#saves = {
      epochs: all.map(({ epoch }) => epoch),
      started_from: all.map(({ started_from }) => started_from),
    };
  }

  async #goOnFrom(progress: Progress): Promise<void> {
    this.begin(progress.frontier);
    this.#saves.epochs.push(this.#held.epoch);
    this.#saves.started_from.push(progress.frontier);
    await this.#writeProgress(progress, 'begin');
  }

  /** Where this claim begins when nothing was saved before. */
  begin(frontier: number): void {
    this.#startedFrom = frontier;
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
        ...{ shard: this.#shard, frontier: this.#frontier, ...this.#saves, subjects },
      });
      for (const { profile } of rows) engine.wake(JSON.parse(profile));
      woken += rows.length;
    }
    return woken;
  }

  /**
   * Saves the profiles that changed, then the frontier. The engine must stand exactly at the frontier.
   * @throws {ShardLost} when the shard has another owner.
   * @throws when ClickHouse does not take it; call again, with this frontier or a later one.
   */
  async save(engine: Engine, progress: Progress): Promise<void> {
    await this.#held.check();
    await this.#confirm();
    this.#generation++;
    const changed = engine.takeDirty();
    try {
      const subjects = await this.#storeProfiles(changed, engine, progress.frontier);
      this.#unconfirmed = { progress, subjects };
    } catch (error) {
      engine.markDirty(changed);
      // What failed may hold on to its bytes for a while.
      this.#blocks = [new ProfileBlock(), new ProfileBlock()];
      throw error;
    }
    await this.#confirm();
    engine.putAway();
  }

  /** Stores profiles; while ClickHouse takes some of them the next are written as text. @returns their subjects */
  async #storeProfiles(changed: readonly KeyState[], engine: Engine, frontier: number): Promise<string[]> {
    const subjects: string[] = [];
    let [block, other] = this.#blocks;
    block.clear();
    let storing = Promise.resolve();
    for (const { subject, profile } of profilesOfAll(changed, engine)) {
      block.push({
        ...{ shard: this.#shard, subject, slot: this.#inSlotOne.has(subject) ? 0 : 1 },
        ...{ generation: this.#generation, learned_until: frontier, profile },
      });
      subjects.push(subject);
      if (subjects.length % profilesOfTurn === 0) await nextTurn();
      if (block.rows < this.#rowsMax && block.bytes < blockBytesMax) continue;
      await storing;
      storing = this.#insert(block, subjects);
      // Awaited above or below, later than it can fail.
      storing.catch(() => {});
      [block, other] = [other, block];
      block.clear();
    }
    await storing;
    await this.#insert(block, subjects);
    // What is known of a large fleet is large; its room is not kept.
    if (block.bytes > blockBytesMax) this.#blocks = [new ProfileBlock(), new ProfileBlock()];
    return subjects;
  }

  /** @param subjects of which the last ones are those of the block */
  #insert(block: ProfileBlock, subjects: readonly string[]): Promise<void> {
    const first = subjects[subjects.length - block.rows];
    return this.#store.insertBlock(
      'profiles_v2',
      block,
      `profiles:${this.#shard}:${this.#generation}:${first}`,
    );
  }

  /** Writes the frontier of stored profiles; from then on they count. The same row again changes nothing. */
  async #confirm(): Promise<void> {
    if (!this.#unconfirmed) return;
    const { progress, subjects } = this.#unconfirmed;
    await this.#writeProgress(progress, 'save');
    for (const subject of subjects) {
      if (!this.#inSlotOne.delete(subject)) this.#inSlotOne.add(subject);
    }
    this.#unconfirmed = null;
    this.#frontier = progress.frontier;
  }

  async #writeProgress({ frontier, publishedUntil }: Progress, why: string): Promise<void> {
    this.#writtenAt = Math.max(this.#clock.now(), this.#writtenAt + 1);
    const { epoch } = this.#held;
    const row = {
      ...{ shard: this.#shard, epoch, started_from: this.#startedFrom },
      ...{ frontier, published_until: publishedUntil, at: this.#writtenAt },
    };
    const token = `progress:${this.#shard}:${epoch}:${why}:${frontier}:${publishedUntil}`;
    await this.#store.insert('detector_progress_v1', [row], token);
  }
}

function* profilesOfAll(
  states: readonly KeyState[],
  engine: Engine,
): Generator<{ readonly subject: string; readonly profile: string }> {
  for (const state of states) yield { subject: `key:${state.lineageId}`, profile: JSON.stringify(state) };
  yield { subject: fleetSubject, profile: JSON.stringify(engine.saveFleet()) };
}
