import { createHash } from 'node:crypto';
import { type Finding, subjectKey } from '@tripkey/contract';
import { type Logger, repeat, retry } from '@tripkey/service-kit';
import {
  findingFromRow,
  findingsSince,
  findingToRow,
  firstArrival,
  ingestFrontier,
  publishedByOtherShards,
  type Store,
} from '@tripkey/store';
import type { DetectorParts } from './detector.ts';
import type { DetectorMetrics } from './detector-metrics.ts';
import { Engine } from './engine/engine.ts';
import type { Knowledge } from './knowledge.ts';
import { planStretches } from './plan-stretches.ts';
import { Profiles, type Progress } from './profiles.ts';
import { readTicks } from './read-activity.ts';
import { type HeldShard, ShardLost } from './shards/claims.ts';

export interface ShardParts extends DetectorParts {
  readonly held: HeldShard;
  readonly knowledge: Knowledge;
  readonly counted: DetectorMetrics;
}

/**
 * Judges what arrives, tick by tick, until `stop` aborts.
 *
 * Only arrivals before ingest's frontier are judged: nothing can be added to them any more, so each is judged once
 * and a restart judges the same. Ticks lie on a fixed grid, therefore a finding that is made again gets the id it
 * had. Effects, in order; each is retried by itself and may be repeated after a crash without harm. Before the first and the
 * last the shard must still be ours; see `Profiles` for an owner that was paused behind such a look:
 *   1. findings into ClickHouse (same rows again change nothing)
 *   2. findings to the topic (the alerter knows a finding by its id)
 *   3. profiles, then the frontier (a crash before it: the stretch is judged again from the old profiles)
 * @throws {ShardLost} when the shard has another owner; nothing is saved then.
 * @throws when a rule or the engine fails: half of a tick may be learnt then, so only a restart is exact.
 */
export async function judgeShard(parts: ShardParts, stop: AbortSignal): Promise<void> {
  const { store, clock, log, held, knowledge, counted } = parts;
  const { shard } = held;
  const { tickMs = 5_000, lookEveryMs = 250, saveEveryMs = 60_000 } = parts;
  const { stretchMsMax = 3_600_000, stretchRowsMax = 200_000 } = parts;
  /** Tries one step until it succeeds. @throws {GivenUp} when the detector is stopped before. */
  const surely = <T>(step: string, work: () => Promise<T>): Promise<T> =>
    retry(work, {
      clock,
      signal: stop,
      worthRetry: (error) => !(error instanceof ShardLost),
      onRetry: (err, attempt, waitMs) =>
        log.warn({ err, step, attempt, waitMs }, 'a step of the detector failed, trying again'),
    }).catch((cause: unknown) => {
      if (cause instanceof ShardLost) throw cause;
      throw new GivenUp(step, { cause });
    });

  const open = async () => {
    await knowledge.refresh();
    const engine = new Engine({
      ...shard.rules,
      ...{ keys: knowledge.registry, decisions: knowledge.decisions, says: knowledge.heartbeats },
      reads: (key) => shard.reads(key),
      ...{ holidays: parts.holidays ?? [], params: parts.params ?? {} },
      ...(parts.keysAwakeMax === undefined ? {} : { keysAwakeMax: parts.keysAwakeMax }),
    });
    const profiles = new Profiles(store, held, clock, parts.profileRowsMax);
    return { engine, profiles, progress: await profiles.load(engine) };
  };
  const opened = await surely('load the profiles', open).catch(ifGivenUp(log));
  if (!opened) return;
  const { engine, profiles } = opened;
  let { progress } = opened;
  /** Of what was learnt for another count of shards, everything was told before. */
  let publishFromMs = parts.publishFromMs ?? 0;
  const toTell = (all: readonly Finding[]) =>
    all.filter((one) => shard.tells(one) && Date.parse(one.detected_at) >= publishFromMs);
  if (progress) {
    const again = await publishedSince(store, progress.publishedUntil);
    await publish(parts, toTell(again));
    counted.observe(shard.id, progress.frontier, engine);
  }
  log.info(
    { shard: shard.id, keys: engine.keyCount, frontier: progress && new Date(progress.frontier) },
    'a shard is judged',
  );
  let savedAt = clock.now();
  let caughtUp = false;
  /** Ends of the stretches that are read next. */
  let planned: number[] = [];
  /** Whether the engine has learnt arrivals whose findings are not stored and published yet. */
  let ahead = false;

  const save = async (until: Progress) => {
    const saved = counted.saveSeconds.startTimer();
    await profiles.save(engine, until); // 3
    saved();
    savedAt = clock.now();
  };

  const judgeWhatArrived = async () => {
    const frontier = await surely('read the frontier', () => readFrontier(store, tickMs));
    if (frontier === null) return;
    if (!progress) {
      const [others] = await surely('find what was told', () =>
        store.ask(publishedByOtherShards, { shard: shard.id }),
      );
      publishFromMs = Math.max(publishFromMs, others?.until ?? 0);
      progress = await surely('find the beginning', () => firstProgress(store, tickMs, frontier));
      profiles.begin(progress.frontier);
    }
    if (progress.frontier < frontier) await surely('refresh what is known', () => knowledge.refresh());
    while (progress.frontier < frontier && !stop.aborted) {
      const from: number = progress.frontier;
      const judged = counted.stretchSeconds.startTimer();
      if (planned.length === 0)
        planned = await surely('plan what to read', () =>
          planStretches(store, {
            ...{ from, to: frontier, tickMs, stretchMsMax },
            ...{ rowsMax: stretchRowsMax, ofShard: shard.arrivals },
          }),
        );
      const to = planned.shift() ?? frontier;
      const ticks = await surely('read arrivals', () => readTicks(store, from, to, tickMs, shard.arrivals));
      counted.woken.inc(await surely('wake keys', () => profiles.wake(engine, engine.absentIn(ticks))));
      ahead = true;
      const findings = ticks.flatMap((tick) => engine.take(tick)).filter((one) => shard.tells(one));
      if (findings.length > 0) await surely('look whether the shard is ours', () => held.check());
      const rows = findings.map(findingToRow);
      await surely('store findings', () =>
        store.insert('findings_v1', rows, `findings:${shard.id}:${from}:${to}:${digestOf(findings)}`),
      ); // 1
      await surely('publish findings', () => publish(parts, toTell(findings))); // 2
      progress = { frontier: to, publishedUntil: to };
      ahead = false;
      for (const { rule_id: rule, severity } of findings) counted.findings.inc({ rule, severity });
      judged();
      counted.observe(shard.id, to, engine);
      if (clock.now() - savedAt >= saveEveryMs)
        await surely('save profiles', () => save({ frontier: to, publishedUntil: to }));
    }
    if (!caughtUp && !stop.aborted) {
      caughtUp = true;
      // What was learnt of the past is there for who asks at once, and for the next start.
      const learnt = progress;
      if (learnt.frontier > profiles.savedUntil) await surely('save profiles', () => save(learnt));
      parts.onCaughtUp?.();
    }
  };

  try {
    await repeat(Math.min(lookEveryMs, tickMs), judgeWhatArrived, clock, stop);
  } catch (error) {
    // What was not done is done again from the saved frontier.
    ifGivenUp(log)(error);
  }
  if (!progress || ahead) return;
  await save(progress).catch((err: unknown) => {
    if (err instanceof ShardLost) throw err;
    log.warn(
      { err, shard: shard.id },
      'the last save failed: the next start judges again from the one before',
    );
  });
}

/** Lets pass what only says that the detector has to stop. */
const ifGivenUp = (log: Logger) => (error: unknown) => {
  if (!(error instanceof GivenUp)) throw error;
  log.info({ err: error }, 'a step of the detector was given up because it has to stop');
};

/** A step was not tried again because the detector has to stop. Never leaves this file. */
class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** Judged again, a stretch may give others: what is known of keys and gateways has moved on. */
function digestOf(findings: readonly Finding[]): string {
  const ids = findings.map(({ finding_id }) => finding_id).join();
  return createHash('sha256').update(ids).digest('hex').slice(0, 32);
}

/** Ingest's frontier, rounded down to the grid of ticks; null when ingest never ran. */
async function readFrontier(store: Store, tickMs: number): Promise<number | null> {
  const [answer] = await store.ask(ingestFrontier, {});
  if (!answer || answer.partitions === 0) return null;
  return Math.floor(answer.frontier / tickMs) * tickMs;
}

/** Where a detector begins that never ran: at the first stored arrival, so that history teaches it. */
async function firstProgress(store: Store, tickMs: number, frontier: number): Promise<Progress> {
  const [first] = await store.ask(firstArrival, {});
  const from = first && first.rows > 0 ? Math.min(first.first, frontier) : frontier;
  const start = Math.floor(from / tickMs) * tickMs;
  return { frontier: start, publishedUntil: start };
}

async function publish({ findings: sink }: ShardParts, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  await sink.send(
    findings.map((finding) => ({ key: subjectKey(finding.subject), value: JSON.stringify(finding) })),
  );
}

/** What was stored after the last save, to be published again: a crash may have come before effect 2. */
async function publishedSince(store: Store, since: number): Promise<Finding[]> {
  return (await store.ask(findingsSince, { since })).map(findingFromRow);
}
