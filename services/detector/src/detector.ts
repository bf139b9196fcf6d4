import { type Finding, subjectKey } from '@tripkey/contract';
import { ruleSet } from '@tripkey/rules';
import { type Clock, type Logger, type Metrics, repeat, retry } from '@tripkey/service-kit';
import {
  findingFromRow,
  findingsSince,
  findingToRow,
  firstArrival,
  ingestFrontier,
  KeyRegistry,
  type Store,
} from '@tripkey/store';
import type { Sink } from '@tripkey/stream';
import { DecisionBook } from './decision-book.ts';
import { detectorMetrics } from './detector-metrics.ts';
import { Engine } from './engine/engine.ts';
import { planStretches } from './plan-stretches.ts';
import { Profiles, type Progress } from './profiles.ts';
import { readTicks } from './read-activity.ts';

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
  readonly shard?: number;
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
  /** Called when everything that was stored at the start has been judged. */
  readonly onCaughtUp?: () => void;
}

/**
 * Judges what arrives, tick by tick, until `stop` aborts.
 *
 * Only arrivals before ingest's frontier are judged: nothing can be added to them any more, so each is judged once
 * and a restart judges the same. Ticks lie on a fixed grid, therefore a finding that is made again gets the id it
 * had. Effects, in order; each is retried by itself and may be repeated after a crash without harm:
 *   1. findings into ClickHouse (same rows again change nothing)
 *   2. findings to the topic (the alerter knows a finding by its id)
 *   3. profiles, then the frontier (a crash before it: the stretch is judged again from the old profiles)
 * @throws when a rule or the engine fails: half of a tick may be learnt then, so only a restart is exact.
 */
export async function detector(parts: DetectorParts, stop: AbortSignal): Promise<void> {
  const { store, clock, log, metrics } = parts;
  const { shard = 0, tickMs = 5_000, lookEveryMs = 250, saveEveryMs = 60_000 } = parts;
  const { stretchMsMax = 3_600_000, stretchRowsMax = 200_000 } = parts;
  const registry = new KeyRegistry();
  const decisions = new DecisionBook(parts.lessonDays);
  const engine = new Engine({
    ...ruleSet,
    ...{ keys: registry, decisions, holidays: parts.holidays ?? [], params: parts.params ?? {} },
    ...(parts.keysAwakeMax === undefined ? {} : { keysAwakeMax: parts.keysAwakeMax }),
  });
  const profiles = new Profiles(store, shard, clock, parts.profileRowsMax);
  const counted = detectorMetrics(metrics);
  /** Tries one step until it succeeds. @throws {GivenUp} when the detector is stopped before. */
  const surely = <T>(step: string, work: () => Promise<T>): Promise<T> =>
    retry(work, {
      clock,
      signal: stop,
      onRetry: (err, attempt, waitMs) =>
        log.warn({ err, step, attempt, waitMs }, 'a step of the detector failed, trying again'),
    }).catch((cause: unknown) => {
      throw new GivenUp(step, { cause });
    });

  await registry.refresh(store);
  let progress = await profiles.load(engine);
  if (progress) await publishAgain(parts, progress.publishedUntil);
  log.info({ keys: engine.keyCount, frontier: progress && new Date(progress.frontier) }, 'detector starts');
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
    progress ??= await surely('find the beginning', () => firstProgress(store, tickMs, frontier));
    if (!progress) return;
    if (progress.frontier < frontier) {
      await surely('refresh the keys', () => registry.refresh(store));
      await surely('refresh the decisions', () => decisions.refresh(store, clock.now()));
    }
    while (progress.frontier < frontier && !stop.aborted) {
      const from: number = progress.frontier;
      const judged = counted.stretchSeconds.startTimer();
      if (planned.length === 0)
        planned = await surely('plan what to read', () =>
          planStretches(store, { from, to: frontier, tickMs, stretchMsMax, rowsMax: stretchRowsMax }),
        );
      const to = planned.shift() ?? frontier;
      const ticks = await surely('read arrivals', () => readTicks(store, from, to, tickMs));
      counted.woken.inc(await surely('wake keys', () => profiles.wake(engine, engine.absentIn(ticks))));
      ahead = true;
      const findings = ticks.flatMap((tick) => engine.take(tick));
      const rows = findings.map(findingToRow);
      await surely('store findings', () =>
        store.insert('findings_v1', rows, `findings:${shard}:${from}:${to}`),
      ); // 1
      await surely('publish findings', () => publish(parts, findings)); // 2
      progress = { frontier: to, publishedUntil: to };
      ahead = false;
      for (const { rule_id: rule, severity } of findings) counted.findings.inc({ rule, severity });
      judged();
      counted.frontier.set(to / 1000);
      counted.observe(engine);
      if (clock.now() - savedAt >= saveEveryMs)
        await surely('save profiles', () => save({ frontier: to, publishedUntil: to }));
    }
    if (!caughtUp && !stop.aborted) {
      caughtUp = true;
      parts.onCaughtUp?.();
    }
  };

  try {
    await repeat(Math.min(lookEveryMs, tickMs), judgeWhatArrived, clock, stop);
  } catch (error) {
    // What was not done is done again from the saved frontier.
    if (!(error instanceof GivenUp)) throw error;
    log.info({ err: error }, 'a step of the detector was given up because it has to stop');
  }
  if (progress && !ahead) await save(progress);
}

/** A step was not tried again because the detector has to stop. Never leaves this file. */
class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** Ingest's frontier, rounded down to the grid of ticks; null when ingest never ran. */
async function readFrontier(store: Store, tickMs: number): Promise<number | null> {
  const [answer] = await store.ask(ingestFrontier, {});
  if (!answer || answer.partitions === 0) return null;
  return Math.floor(answer.frontier / tickMs) * tickMs;
}

/** Where a detector begins that never ran: at the first stored arrival, so that history teaches it. */
async function firstProgress(store: Store, tickMs: number, frontier: number): Promise<Progress | null> {
  const [first] = await store.ask(firstArrival, {});
  const from = first && first.rows > 0 ? Math.min(first.first, frontier) : frontier;
  const start = Math.floor(from / tickMs) * tickMs;
  return { frontier: start, publishedUntil: start };
}

async function publish(
  { findings: sink, publishFromMs = 0 }: DetectorParts,
  all: readonly Finding[],
): Promise<void> {
  const findings = all.filter((finding) => Date.parse(finding.detected_at) >= publishFromMs);
  if (findings.length === 0) return;
  await sink.send(
    findings.map((finding) => ({ key: subjectKey(finding.subject), value: JSON.stringify(finding) })),
  );
}

/** Publishes what was stored after the last save: a crash may have come before effect 2. */
async function publishAgain(parts: DetectorParts, since: number): Promise<void> {
  const rows = await parts.store.ask(findingsSince, { since });
  await publish(parts, rows.map(findingFromRow));
}
