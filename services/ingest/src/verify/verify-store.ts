import { randomUUID } from 'node:crypto';
import {
  auditHoles,
  auditMinutes,
  auditRepeats,
  auditSources,
  correctUsage,
  markRepeats,
  publishedProgress,
  removeDoubles,
  restoreKept,
  type Store,
  type UsageScope,
  usageDifference,
  usageParams,
} from '@tripkey/store';
import { httpTopic } from '../http.ts';

export interface VerifyOptions {
  /** What arrived from here, epoch ms, */
  readonly from: number;
  /** up to here, exclusive, is looked at; of a partition that is still behind, up to where it is complete. */
  readonly to: number;
  /** Put right what can be put right from what is stored. */
  readonly repair: boolean;
  readonly signal?: AbortSignal;
  /** Told after each slice, with the time up to which all is checked, epoch ms. */
  readonly onProgress?: (checkedTo: number) => void;
}

/** What was found, and what is left of it. */
export interface VerifyReport {
  readonly from: number;
  readonly to: number;
  readonly partitions: readonly PartitionReport[];
  /** Rows of the slice that count although the same event counts from elsewhere. */
  readonly unmarkedRepeats: number;
  readonly repaired: boolean;
  /** Nothing is wrong, or nothing any more. Holes cannot be repaired from what is stored. */
  readonly held: boolean;
}

export interface PartitionReport {
  readonly topic: string;
  readonly partition: number;
  readonly rows: number;
  /** Rows too many: the same event several times at one place. */
  readonly duplicates: number;
  /** Offsets of which nothing is stored and nothing was said, from and to both inclusive. At most 1,000 a slice. */
  readonly holes: readonly { readonly from: number; readonly to: number }[];
  /** Minutes of keys in which the rollup says something else than raw. */
  readonly rollupMismatches: number;
}

type Draft = { -readonly [K in keyof PartitionReport]: PartitionReport[K] } & { last: number | null };

/** What is looked at in one go. */
const sliceMs = 3_600_000;
/** Copies of an event are looked for across the ends of slices by so much. */
const repeatsOverlapMs = 600_000;
const minutesMax = 2_000;

/**
 * Checks what is stored against itself: no event is in raw twice from the same place, no offset is missing between two
 * that are there, each event counts once, and the rollup says what raw says. Runs beside ingest: what is under way is
 * left out. Two repairs at a time are to be avoided; they could correct the same thing twice.
 * @throws what the store throws; a repair that was cut off goes on with the next call.
 */
export async function verifyStore(store: Store, options: VerifyOptions): Promise<VerifyReport> {
  const drafts = new Map<string, Draft>();
  let unmarkedRepeats = 0;
  let repairedAll = true;
  if (options.repair) await restoreKept(store, `verify:${randomUUID()}`);
  for (let from = options.from; from < options.to; from += sliceMs) {
    options.signal?.throwIfAborted();
    const slice = { from, to: Math.min(options.to, from + sliceMs) };
    const settled = new SettledUntil(store);
    unmarkedRepeats += await verifyRepeats(store, slice, options.repair);
    for (const source of await store.ask(auditSources, slice)) {
      const { topic, partition } = source;
      const draft = draftOf(drafts, topic, partition);
      draft.rows += source.rows;
      const duplicates = source.rows - source.events;
      draft.duplicates += duplicates;
      const scope = { topic, partition, ...slice };
      if (duplicates > 0 && options.repair) await removeDoubles(store, scope, `verify:${randomUUID()}`);
      draft.holes = [...draft.holes, ...(await holesOf(store, source, draft.last))];
      draft.last = Math.max(draft.last ?? 0, source.last);
      const wrong = await verifyUsage(store, scope, await settled.of(topic, partition), options.repair);
      draft.rollupMismatches += wrong.found;
      repairedAll &&= wrong.left === 0;
    }
    options.onProgress?.(slice.to);
  }
  const partitions = [...drafts.values()].map(({ last: _, ...report }) => report);
  const holes = partitions.some((report) => report.holes.length > 0);
  const faults = unmarkedRepeats + partitions.reduce((sum, p) => sum + p.duplicates + p.rollupMismatches, 0);
  const { from, to, repair } = options;
  const held = !holes && (faults === 0 || (repair && repairedAll));
  return { from, to, partitions, unmarkedRepeats, repaired: repair && faults > 0, held };
}

function draftOf(drafts: Map<string, Draft>, topic: string, partition: number): Draft {
  const id = `${topic}/${partition}`;
  const draft = drafts.get(id) ?? {
    topic,
    partition,
    rows: 0,
    duplicates: 0,
    holes: [],
    rollupMismatches: 0,
    last: null,
  };
  drafts.set(id, draft);
  return draft;
}

async function holesOf(
  store: Store,
  source: { topic: string; partition: number; offsets: number; first: number; last: number },
  before: number | null,
): Promise<readonly { from: number; to: number }[]> {
  const { topic, partition, last } = source;
  // Offsets of posts are made from the clock; they have holes by nature.
  if (topic === httpTopic) return [];
  const first = before === null ? source.first : Math.min(source.first, before + 1);
  if (source.offsets === last - first + 1) return [];
  return await store.ask(auditHoles, { topic, partition, first, last });
}

/** @returns how many rows counted that should not. */
async function verifyRepeats(
  store: Store,
  slice: { from: number; to: number },
  repair: boolean,
): Promise<number> {
  const rows = await store.ask(auditRepeats, { from: slice.from - repeatsOverlapMs, to: slice.to });
  if (rows.length === 0 || !repair) return rows.length;
  await markRepeats(store, rows);
  const scopes = new Map<string, { topic: string; partition: number; minutes: number[] }>();
  for (const { topic, partition, at } of rows) {
    const id = `${topic}/${partition}`;
    const scope = scopes.get(id) ?? { topic, partition, minutes: [] };
    scope.minutes.push(Math.floor(at / 60_000) * 60);
    scopes.set(id, scope);
  }
  const settled = new SettledUntil(store);
  for (const scope of scopes.values()) {
    const settledUntil = await settled.of(scope.topic, scope.partition);
    await correctStable(store, { ...scope, minutes: [...new Set(scope.minutes)], settledUntil });
  }
  return rows.length;
}

async function verifyUsage(
  store: Store,
  slice: { topic: string; partition: number; from: number; to: number },
  settledUntil: number,
  repair: boolean,
): Promise<{ found: number; left: number }> {
  const { topic, partition } = slice;
  const minutes = (await store.ask(auditMinutes, slice)).map(({ minute }) => minute);
  let found = 0;
  let left = 0;
  for (let i = 0; i < minutes.length; i += minutesMax) {
    const scope = { topic, partition, minutes: minutes.slice(i, i + minutesMax), settledUntil };
    const differences = await stableDifferences(store, scope);
    found += differences.length;
    if (differences.length === 0 || !repair) continue;
    const wrong = [...new Set(differences.map(({ minute }) => minute))];
    await correctStable(store, { ...scope, minutes: wrong });
    left += (await stableDifferences(store, { ...scope, minutes: wrong })).length;
  }
  return { found, left };
}

async function correctStable(store: Store, scope: UsageScope): Promise<void> {
  const minutes = [...new Set((await stableDifferences(store, scope)).map(({ minute }) => minute))];
  await correctUsage(store, { ...scope, minutes }, `verify:${randomUUID()}`);
}

/**
 * Differences that are seen twice: raw and the rollup are read one after the other, so that an insert in between makes
 * a difference that is none. What is under way since before is left out by `settledUntil`.
 */
async function stableDifferences(store: Store, scope: UsageScope) {
  const once = await store.ask(usageDifference, usageParams(scope));
  if (once.length === 0) return once;
  const again = new Set(
    (await store.ask(usageDifference, usageParams(scope))).map((row) => JSON.stringify(row)),
  );
  return once.filter((row) => again.has(JSON.stringify(row)));
}

/** Up to which arrival each partition is stored completely, asked once. */
class SettledUntil {
  readonly #store: Store;
  readonly #topics = new Map<string, Map<number, number>>();

  constructor(store: Store) {
    this.#store = store;
  }

  async of(topic: string, partition: number): Promise<number> {
    let known = this.#topics.get(topic);
    if (!known) {
      const rows = await this.#store.ask(publishedProgress, { topic });
      known = new Map(
        rows.filter((row) => row.stored_until > 0).map((row) => [row.partition, row.stored_until]),
      );
      this.#topics.set(topic, known);
    }
    // History that was loaded at once has no progress: nothing of it is under way.
    return known.get(partition) ?? Date.UTC(2200, 0);
  }
}
