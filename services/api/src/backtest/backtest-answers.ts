import { type Backtest, BacktestRequest, type IncidentSummary } from '@tripkey/contract/api';
import { allRules } from '@tripkey/rules';
import { lastVersion } from '@tripkey/store';
import { backtestsPage, incidentsPage } from '@tripkey/store/reading';
import * as z from 'zod';
import type { AnswerParts } from '../answers/answer-parts.ts';
import { noFilters } from '../answers/incident-related.ts';
import { loadIncidents, toIncidentSummary } from '../answers/incident-summary.ts';
import { readSpan } from '../answers/read-span.ts';
import { dayMs, iso, isoOrNull } from '../answers/times.ts';
import { ApiProblem, badRequest, conflict, notFound } from '../http/api-problem.ts';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import { inThread } from '../in-thread.ts';
import type { HistoryJudged } from './judge-history.ts';

const Place = z.tuple([z.int(), z.string()]);
type Row = z.infer<(typeof backtestsPage)['row']>;
const waitingMax = 10;
/** One that was not heard of for so long has lost its process. */
const lostAfterMs = 60_000;
const listedMax = 200;
const rowsPerPage = 1_000;
const workerFile = new URL('./backtest-worker.ts', import.meta.url);

type Answered = 'startBacktest' | 'listBacktests' | 'getBacktest' | 'cancelBacktest';

/**
 * Rules tried on stored history: one at a time, each in a thread of its own.
 * @param noteEveryMs how often a running one writes that it lives, and looks whether it was cancelled elsewhere
 */
export function backtestAnswers(
  parts: AnswerParts,
  noteEveryMs = 5_000,
): HandlersOf<Answered> & { stop(): Promise<void> } {
  const { store, clock, log } = parts;
  /** Here, waiting or running, in their order. */
  const here = new Map<string, { row: Row; cancel: AbortController | null }>();
  /** The running `work`; null when nothing waits. */
  let working: Promise<void> | null = null;
  let stopping = false;

  async function put(row: Row): Promise<Row> {
    // Whoever runs it in another process writes on until it sees that it was cancelled.
    const version = row.state === 'cancelled' ? lastVersion : Math.max(clock.now(), row.version + 1);
    const kept = { ...row, version };
    await store.insert('backtests_v1', [kept], `backtest:${row.backtest_id}:${version}`);
    return kept;
  }

  async function stored(backtest_id: string): Promise<Row | undefined> {
    return (await store.ask(backtestsPage, { backtest_id, ...first, rows: 1 })).at(0);
  }

  async function find(backtest_id: string): Promise<Row> {
    const row = here.get(backtest_id)?.row ?? (await stored(backtest_id));
    if (!row) throw notFound(`backtest ${backtest_id}`);
    return row;
  }

  /** Ends what waits or runs here. That it was cancelled is stored already. */
  function end(row: Row): void {
    const one = here.get(row.backtest_id);
    if (!one) return;
    one.row = row;
    if (one.cancel) one.cancel.abort(new Error('it was cancelled'));
    else here.delete(row.backtest_id);
  }

  /** Writes that one lives, and ends it when somebody cancelled it elsewhere. */
  async function note(row: Row): Promise<void> {
    await put(row);
    const now = await stored(row.backtest_id);
    if (now?.state === 'cancelled') end(now);
  }

  /** Runs those that wait, until none does. */
  async function work(): Promise<void> {
    for (let next = here.values().next().value; next && !stopping; next = here.values().next().value) {
      const { backtest_id } = next.row;
      try {
        next.row = await put({ ...next.row, state: 'running' });
        // Cancelled while it waited or began, here or elsewhere.
        if ((await stored(backtest_id))?.state === 'cancelled') continue;
        const judged = await run(next);
        const result = JSON.stringify(await resultOf(parts, next.row, judged));
        await put({ ...next.row, state: 'done', progress: 1, finished_at: clock.now(), result });
      } catch (err) {
        if (next.row.state === 'cancelled') continue;
        log.warn({ err, backtest_id }, 'a backtest failed');
        const failure = err instanceof Error ? err.message.slice(0, 500) : 'it ended';
        await put({ ...next.row, state: 'failed', failure, finished_at: clock.now() }).catch(
          (error: unknown) =>
            log.warn({ err: error, backtest_id }, 'the end of a backtest could not be written'),
        );
      } finally {
        here.delete(backtest_id);
      }
    }
    working = null;
  }

  function run(one: { row: Row; cancel: AbortController | null }): Promise<HistoryJudged> {
    const { from, to, parameters } = BacktestRequest.parse(JSON.parse(one.row.request));
    const workerData = {
      ...{ clickhouse: parts.clickhouse, incidents: parts.config.incidents },
      ...{ params: { ...parts.ruleParams, ...parameters }, from: Date.parse(from), to: Date.parse(to) },
    };
    one.cancel = new AbortController();
    let notedAt = clock.now();
    return inThread(workerFile, workerData, one.cancel.signal, (progress) => {
      one.row = { ...one.row, progress };
      if (clock.now() < notedAt + noteEveryMs) return;
      notedAt = clock.now();
      // Those that wait, too: that their process lives has to be seen.
      for (const known of here.values())
        note(known.row).catch((err: unknown) =>
          log.warn({ err }, 'the progress of a backtest could not be written'),
        );
    });
  }

  return {
    async startBacktest({ body, caller, wishId, at }) {
      readSpan(body, at, dayMs, 62 * dayMs);
      checkParameters(body.parameters);
      const backtest_id = `bt_${wishId}`;
      const request = JSON.stringify(body);
      const had = await stored(backtest_id);
      if (had) {
        if (had.request !== request) throw conflict('this Idempotency-Key was used for another backtest');
        return toBacktest(here.get(backtest_id)?.row ?? had, at);
      }
      if (here.size >= waitingMax)
        throw new ApiProblem(429, 'api.rate_limited', 'Too many backtests', 'wait until others have ended', {
          headers: { 'Retry-After': '60' },
        });
      const row = await put({
        ...{ backtest_id, version: 0, state: 'waiting', progress: 0, by: caller.id, created_at: at },
        ...{ finished_at: null, request, failure: '', result: '' },
      });
      here.set(backtest_id, { row, cancel: null });
      working ??= work();
      return toBacktest(row, at);
    },
    async listBacktests({ query, at, signal }) {
      const after = fromCursor(query.cursor, Place);
      const rows = await store.ask(
        backtestsPage,
        {
          ...{
            backtest_id: '',
            has_place: after !== null,
            after_at: after?.[0] ?? 0,
            after_id: after?.[1] ?? '',
          },
          rows: query.limit + 1,
        },
        signal,
      );
      return pageFrom(
        rows,
        query.limit,
        (row) => [row.created_at, row.backtest_id],
        (row) => toBacktest(here.get(row.backtest_id)?.row ?? row, at),
      );
    },
    getBacktest: async ({ params: { backtest_id }, at }) => toBacktest(await find(backtest_id), at),
    async cancelBacktest({ params: { backtest_id }, at }) {
      const row = await find(backtest_id);
      const asked = toBacktest(row, at);
      if (asked.state !== 'waiting' && asked.state !== 'running') return asked;
      const cancelled = await put({ ...row, state: 'cancelled', finished_at: at });
      end(cancelled);
      return toBacktest(cancelled, at);
    },
    async stop() {
      stopping = true;
      for (const { cancel } of here.values()) cancel?.abort(new Error('it was stopped'));
      await working;
    },
  };
}

const first = { has_place: false, after_at: 0, after_id: '' };

/** @throws {ApiProblem} 400 with every parameter that no rule has or takes */
function checkParameters(parameters: BacktestRequest['parameters']): void {
  const faults = Object.entries(parameters).flatMap(([id, values]) => {
    const rule = allRules.find((one) => one.id === id);
    if (!rule) return [{ at: `body.parameters.${id}`, message: 'there is no such rule' }];
    const parsed = rule.params.safeParse(values);
    return (parsed.error?.issues ?? []).map(({ path, message }) => ({
      at: ['body.parameters', id, ...path].map(String).join('.'),
      message,
    }));
  });
  if (faults.length > 0)
    throw badRequest(faults.map(({ at, message }) => `${at}: ${message}`).join('; '), faults);
}

/** What was found, beside the incidents that are stored of the same time. */
async function resultOf(parts: AnswerParts, row: Row, judged: HistoryJudged): Promise<Backtest['result']> {
  const { from, to } = BacktestRequest.parse(JSON.parse(row.request));
  const span = { from: Date.parse(from), to: Date.parse(to) };
  const summaries = await incidentsOf(parts, span);
  const near = (a: number, b: number) => Math.abs(a - b) <= dayMs;
  const missed = summaries.filter(
    ({ subject, opened_at }) =>
      !judged.incidents.some(
        (one) =>
          one.subject === `${subject.kind}:${subject.id}` && near(one.opened_at, Date.parse(opened_at)),
      ),
  );
  const added = judged.incidents.filter(
    (one) =>
      !summaries.some(
        ({ subject, opened_at }) =>
          one.subject === `${subject.kind}:${subject.id}` && near(one.opened_at, Date.parse(opened_at)),
      ),
  );
  const weeks = (span.to - span.from) / (7 * dayMs);
  return {
    ...{ events: judged.events, findings: judged.findings, incidents: judged.incidents.length },
    pages_per_week: Math.round((judged.incidents.length / weeks) * 10) / 10,
    by_rule: Object.entries(judged.byRule)
      .map(([rule_id, counts]) => ({ rule_id, ...counts }))
      .sort((a, b) => b.incidents - a.incidents || b.findings - a.findings),
    missed: missed.slice(0, listedMax).map(({ incident_id, title, opened_at, resolution }) => ({
      ...{ incident_id, title, opened_at },
      resolution: resolution?.reason ?? null,
    })),
    added: added.slice(0, listedMax).map(({ closed_at: _, rules, opened_at, ...one }) => ({
      ...one,
      opened_at: iso(opened_at),
      rules: [...rules],
    })),
    ...{ listed_max: listedMax, missed_total: missed.length, added_total: added.length },
  };
}

/** The stored incidents that were opened in a time. */
async function incidentsOf(
  parts: AnswerParts,
  span: { from: number; to: number },
): Promise<IncidentSummary[]> {
  const summaries: IncidentSummary[] = [];
  for (let place = { has_place: false, after_value: 0, after_id: '' }; ; ) {
    const page = await parts.store.ask(incidentsPage('opened_at', 'asc'), {
      ...{ ...noFilters, ...span, ...place },
      rows: rowsPerPage,
    });
    const loaded = await loadIncidents(
      parts,
      page.map(({ incident_id }) => incident_id),
    );
    for (const one of loaded.values()) summaries.push(toIncidentSummary(one, parts, parts.clock.now()));
    const last = page.at(-1);
    if (!last || page.length < rowsPerPage) return summaries;
    place = { has_place: true, after_value: last.sorted, after_id: last.incident_id };
  }
}

function toBacktest(row: Row, now: number): Backtest {
  const isLost = (row.state === 'waiting' || row.state === 'running') && now - row.version > lostAfterMs;
  return {
    backtest_id: row.backtest_id,
    state: isLost ? 'failed' : row.state,
    progress: row.progress,
    by: row.by,
    created_at: iso(row.created_at),
    finished_at: isoOrNull(row.finished_at),
    request: BacktestRequest.parse(JSON.parse(row.request)),
    failure: isLost ? 'the process that ran it has ended' : row.failure || null,
    result: row.result === '' ? null : (JSON.parse(row.result) as Backtest['result']),
  };
}
