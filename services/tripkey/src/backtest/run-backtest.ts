import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { type AlertLine, createIncidentBook, toAlertLine } from '@tripkey/alerter';
import { startEmbeddedClickHouse } from '@tripkey/clickhouse-embedded';
import type { Finding, KeyRecord } from '@tripkey/contract';
import { Engine, readTicks } from '@tripkey/detector';
import { createEnricher, createPipeline, importKeys, openIpDatabase, storeHistory } from '@tripkey/ingest';
import { type KeyFacts, type Rule, ruleGroups, ruleSet } from '@tripkey/rules';
import { Metrics } from '@tripkey/service-kit';
import { ClickHouseConfig, KeyRegistry, migrate, openStore, type Store } from '@tripkey/store';

export interface BacktestParts {
  /** RequestEvents in the order of their arrival, a line each. */
  readonly events: AsyncIterable<string | Uint8Array>;
  readonly keys: readonly KeyRecord[];
  /** Length of a tick; shorter ones find sooner and take longer. */
  readonly tickMs: number;
  /** Is shown every judgement of a key before it is made. */
  readonly onJudge?: (rule: Rule, params: unknown, facts: KeyFacts) => void;
  /** Is shown every finding. */
  readonly onFinding?: (finding: Finding) => void;
  /** ClickHouse to use instead of an embedded engine in a temporary folder. */
  readonly clickhouse?: ClickHouseConfig;
  /** Called as work goes on: events stored, then the share of time judged (0 to 1). */
  readonly onStored?: (events: number) => void;
  readonly onJudged?: (share: number) => void;
}

export interface BacktestResult {
  readonly alerts: AlertLine[];
  readonly events: number;
  readonly rejected: number;
  readonly findings: number;
  readonly keys: number;
  /** How often each rule could not tell, by rule and reason. */
  readonly cannotTell: ReadonlyMap<string, number>;
}

/** Activity rows wanted in one read: enough to make the reads rare, few enough to bound memory. */
const rowsPerStretch = 100_000;
/** Ticks judged in one go: connections to ClickHouse have to be looked after, or it closes them unnoticed. */
const ticksPerTurn = 100;
const hourMs = 3_600_000;

/**
 * Runs history through ingest, store, detector and incidents on an event-time clock: an event arrives when its time
 * comes, or late, after one with a later time. The same input gives the same output.
 */
export async function runBacktest(parts: BacktestParts): Promise<BacktestResult> {
  await using clickhouse = await provideClickHouse(parts.clickhouse);
  await migrate(clickhouse.config);
  await using store = openStore(clickhouse.config);
  await importKeys(store, parts.keys, 1, null);
  const registry = new KeyRegistry();
  await registry.refresh(store);

  const stored = await storeHistory({
    store,
    pipeline: createPipeline({
      enrich: createEnricher(openIpDatabase([])),
      registry,
      pepper: 'backtest: nothing outlives the run',
      metrics: new Metrics(),
    }),
    events: parts.events,
    topic: 'backtest',
    foldsUse: false,
    onProgress: ({ rows, deadLetters }) => parts.onStored?.(rows + deadLetters),
  });

  const engine = new Engine({
    ...ruleSet,
    keys: registry,
    ...(parts.onJudge ? { onJudge: parts.onJudge } : {}),
  });
  const book = createIncidentBook({ groups: ruleGroups });
  const alerts = new Map<string, AlertLine>();
  let findings = 0;
  if (stored.rows > 0) {
    const { arrivedFrom, arrivedTo, rows } = stored;
    for await (const tick of ticks(
      store,
      { arrivedFrom, arrivedTo, rows, tickMs: parts.tickMs },
      parts.onJudged,
    )) {
      for (const incident of closeDue(book, tick.to)) alerts.set(incident.incident_id, incident);
      for (const finding of engine.take(tick)) {
        findings++;
        parts.onFinding?.(finding);
        book.take(finding, tick.to);
      }
    }
  }
  for (const incident of book.incidents()) alerts.set(incident.id, toAlertLine(incident));
  return {
    alerts: [...alerts.values()].sort(byOpening),
    events: stored.rows,
    rejected: stored.deadLetters,
    findings,
    keys: engine.keyCount,
    cannotTell: engine.cannotTell,
  };
}

/** Closes what is due and gives the lines of what was closed, before the book forgets it. */
function closeDue(book: ReturnType<typeof createIncidentBook>, at: number): AlertLine[] {
  return book.closeDue(at).flatMap(({ incident_id }) => {
    const incident = book.get(incident_id);
    return incident ? [toAlertLine(incident)] : [];
  });
}

async function* ticks(
  store: Store,
  span: { arrivedFrom: number; arrivedTo: number; rows: number; tickMs: number },
  onJudged?: (share: number) => void,
) {
  const { tickMs } = span;
  const from = Math.floor(span.arrivedFrom / tickMs) * tickMs;
  const to = (Math.floor(span.arrivedTo / tickMs) + 1) * tickMs;
  const wanted = (rowsPerStretch / span.rows) * (to - from);
  const stretchMs = Math.max(tickMs, Math.floor(Math.max(hourMs, wanted) / tickMs) * tickMs);
  const read = (at: number) => {
    const reading = readTicks(store, at, Math.min(to, at + stretchMs), tickMs);
    reading.catch(() => {}); // thrown where it is waited for
    return reading;
  };
  // ClickHouse sums the next stretch while this one is judged.
  let next = read(from);
  for (let at = from; at < to; at += stretchMs) {
    const now = await next;
    if (at + stretchMs < to) next = read(at + stretchMs);
    for (const [i, tick] of now.entries()) {
      yield tick;
      if (i % ticksPerTurn === 0) await setImmediate();
    }
    onJudged?.(Math.min(1, (at + stretchMs - from) / (to - from)));
  }
}

async function provideClickHouse(given?: ClickHouseConfig) {
  if (given) return { config: given, async [Symbol.asyncDispose]() {} };
  const folder = mkdtempSync(`${tmpdir()}/tripkey-backtest-`);
  const engine = await startEmbeddedClickHouse({ folder });
  return {
    config: ClickHouseConfig.parse({ url: engine.url }),
    async [Symbol.asyncDispose]() {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function byOpening(a: AlertLine, b: AlertLine): number {
  if (a.opened_at !== b.opened_at) return a.opened_at < b.opened_at ? -1 : 1;
  return a.incident_id < b.incident_id ? -1 : 1;
}
