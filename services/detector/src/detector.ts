import type { Clock, Logger, Metrics } from '@tripkey/service-kit';
import { repeat } from '@tripkey/service-kit';
import type { Store } from '@tripkey/store';
import type { Sink } from '@tripkey/stream';
import { detectorMetrics } from './detector-metrics.ts';
import { judgeShard } from './judge-shard.ts';
import { Knowledge } from './knowledge.ts';
import { Claims, type HeldShard, ShardLost } from './shards/claims.ts';
import { shardsOf } from './shards/shard.ts';
import { shareOut } from './shards/share-out.ts';

export interface DetectorParts {
  readonly store: Store;
  /** The findings topic. */
  readonly findings: Sink;
  /** Parameters by rule id; a rule's defaults where none are given. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Days on which rest is to be expected: `2026-12-25`, or `12-25` of every year (UTC). */
  readonly holidays?: readonly string[];
  /** For how long a false positive teaches, days. */
  readonly lessonDays?: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** How many shards share the keys; with one, one detector does everything. */
  readonly shards?: number;
  /** Name of this process among the detectors. Whoever has the same name after it takes over its shards at once. */
  readonly member?: string;
  /** A detector that was not seen so long is taken for dead. */
  readonly leaseMs?: number;
  /** Length of a tick; findings come at most this long after the event, plus ingest's delay. */
  readonly tickMs?: number;
  /** How often ingest's frontier is looked at: what judging is late by when a tick is over. */
  readonly lookEveryMs?: number;
  /** Time between saves of what was learnt: what a restart judges again. */
  readonly saveEveryMs?: number;
  /** Longest stretch of arrivals that is read at once when catching up. */
  readonly stretchMsMax?: number;
  /** Requests in such a stretch, unless one tick alone has more. */
  readonly stretchRowsMax?: number;
  /** Keys whose states stay in memory; states of others are loaded when they are used. */
  readonly keysAwakeMax?: number;
  /** Profiles in one insert. */
  readonly profileRowsMax?: number;
  /** Findings detected before this time are stored and not published: what history teaches is no alert. Epoch ms. */
  readonly publishFromMs?: number;
  /** Called when everything that was stored at the start has been judged, in all shards that this process has then. */
  readonly onCaughtUp?: () => void;
}

/** A shard while it is judged here. */
interface Judging {
  readonly held: HeldShard;
  /** Lets it be saved and left. */
  readonly stop: AbortController;
  /** Ends when it is left. */
  readonly ended: Promise<void>;
  isCaughtUp: boolean;
}

/** How often within the time of a lease a detector says that it is there, at least. */
const beatsPerLease = 4;
/** However long a lease is, who comes and who goes is seen soon. */
const beatMsMax = 2_500;

/**
 * Judges what arrives in its share of the shards until `stop` aborts, then saves them and gives them back.
 *
 * Detectors need nobody who tells them which shard is whose: each says now and then that it is there, sees who else is, and
 * takes or gives back shards by the rule that all of them follow (`shareOut`). Whether it may still write for a shard is
 * asked before it writes.
 * @throws when a rule or the engine fails: half of a tick may be learnt then, so only a restart is exact.
 */
export async function detector(parts: DetectorParts, stop: AbortSignal): Promise<void> {
  const { store, clock, log } = parts;
  const { shards: count = 1, member = 'detector', leaseMs = 10_000 } = parts;
  const shards = new Map(shardsOf(count).map((shard) => [shard.id, shard]));
  const claims = new Claims(store, member, count, leaseMs);
  const knowledge = new Knowledge(store, clock, parts.lessonDays);
  const counted = detectorMetrics(parts.metrics);
  const judging = new Map<number, Judging>();
  const failed = new AbortController();
  const until = AbortSignal.any([stop, failed.signal]);
  let caughtUp = false;

  const noteCaughtUp = () => {
    if (caughtUp || ![...judging.values()].every(({ isCaughtUp }) => isCaughtUp)) return;
    caughtUp = true;
    parts.onCaughtUp?.();
  };

  const judge = (held: HeldShard) => {
    const stopShard = new AbortController();
    const onCaughtUp = () => {
      one.isCaughtUp = true;
      noteCaughtUp();
    };
    const work = async () => {
      // Not before all shards of this turn are noted.
      await null;
      try {
        const signal = AbortSignal.any([until, stopShard.signal]);
        await judgeShard({ ...parts, held, knowledge, counted, onCaughtUp }, signal);
      } catch (error) {
        if (!(error instanceof ShardLost)) failed.abort(error);
        else log.warn({ shard: held.shard.id }, 'a shard was lost: another detector took it over');
      } finally {
        judging.delete(held.shard.id);
        counted.shards.set(judging.size);
        counted.forget(held.shard.id);
      }
    };
    const one: Judging = { held, stop: stopShard, ended: work(), isCaughtUp: false };
    judging.set(held.shard.id, one);
    counted.shards.set(judging.size);
  };

  const leave = async ({ held, stop: stopShard, ended }: Judging) => {
    stopShard.abort();
    await ended;
    await claims.giveBack(held);
  };

  const beat = () =>
    claims.beat().catch((err: unknown) => {
      log.warn({ err }, 'this detector could not say that it is there, trying again');
    });

  const share = async () => {
    const seen = await claims.look();
    const { take, giveBack } = shareOut({
      ...{ ...seen, shards: [...shards.keys()], me: member },
      judging: new Set(judging.keys()),
    });
    for (const id of giveBack) await leave(judging.get(id)!);
    const taken = await Promise.all(take.map((id) => claims.claim(shards.get(id)!)));
    for (const held of taken) if (held && !until.aborted) judge(held);
  };

  const everyMs = Math.min(leaseMs / beatsPerLease, beatMsMax);
  const left = new AbortController();
  // Before the first share, or others would take the claims for those of a detector that is gone.
  await beat();
  // Beside the shares: one that gives a shard back waits until it is loaded and saved, which may outlast the lease.
  const beating = repeat(everyMs, beat, clock, left.signal);
  await repeat(
    everyMs,
    () =>
      share().catch((err: unknown) => {
        if (!until.aborted) log.warn({ err }, 'shards could not be shared out, trying again');
      }),
    clock,
    until,
  );
  const last = [...judging.values()];
  await Promise.all(last.map(({ ended }) => ended));
  left.abort();
  await beating;
  failed.signal.throwIfAborted();
  try {
    for (const { held } of last) await claims.giveBack(held);
    await claims.beat(true);
  } catch (err) {
    log.warn({ err }, 'shards could not be given back: others take them over when the lease is over');
  }
}
