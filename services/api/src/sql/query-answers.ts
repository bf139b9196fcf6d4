import { randomUUID } from 'node:crypto';
import type { QueryProgress } from '@tripkey/contract/api';
import { auditPage, endedQueries, functionNames, runningQuery, tableColumns } from '@tripkey/store/reading';
import * as z from 'zod';
import type { AccessRecord } from '../access/access-record.ts';
import type { Caller } from '../access/caller.ts';
import type { AnswerParts } from '../answers/answer-parts.ts';
import { iso } from '../answers/times.ts';
import { ApiProblem, conflict, notFound } from '../http/api-problem.ts';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import { exportRows } from '../http/export-rows.ts';
import { type HandlersOf, sent } from '../http/handler.ts';
import { readCookbook } from './cookbook.ts';
import { stableViews, tablesForAnalysts } from './open-tables.ts';
import { cancelled, queryProblem } from './query-problem.ts';
import { readResult } from './read-result.ts';

const Place = z.tuple([z.int(), z.string(), z.int()]);
/** Queries that one caller, and all of them, may have running here. */
const runningMax = { each: 5, all: 20 };
const recordedMax = 20_000;
/** One that was not heard of for so long has ended, and its process before it: ClickHouse ends them after 30 s. */
const runsMsMax = 60_000;

interface Running {
  readonly id: string;
  readonly by: string;
  readonly sql: string;
  readonly startedAt: number;
  readonly stop: AbortController;
  rows: number;
}

type Answered = 'runQuery' | 'listQueries' | 'getQuery' | 'cancelQuery' | 'getQuerySchema' | 'getCookbook';

/** SQL for analysts: as a ClickHouse user that can only read, within limits that ClickHouse itself holds. */
export function queryAnswers(parts: AnswerParts, record: AccessRecord): HandlersOf<Answered> {
  const { store, analysts, clock, log } = parts;
  const running = new Map<string, Running>();

  function begin(id: string, sql: string, caller: Caller, signal: AbortSignal): Running {
    if (running.has(id)) throw conflict(`a query ${id} is running`);
    const own = [...running.values()].filter(({ by }) => by === caller.id);
    if (own.length >= runningMax.each || running.size >= runningMax.all) {
      throw new ApiProblem(429, 'api.rate_limited', 'Too many queries', 'wait until others have ended', {
        headers: { 'Retry-After': '5' },
      });
    }
    const stop = new AbortController();
    signal.addEventListener('abort', () => stop.abort(signal.reason), { once: true });
    if (signal.aborted) stop.abort(signal.reason);
    const query = { id, by: caller.id, sql, startedAt: clock.now(), stop, rows: 0 };
    running.set(id, query);
    return query;
  }

  async function end(query: Running, caller: Caller, failure: unknown): Promise<void> {
    running.delete(query.id);
    const problem = failure === undefined ? null : queryProblem(failure);
    const outcome =
      failure === undefined
        ? 'done'
        : failure instanceof ApiProblem || problem?.errorCode === 'api.query_cancelled'
          ? 'cancelled'
          : 'failed';
    const told = problem
      ? problem.message.slice(0, 500)
      : failure instanceof ApiProblem
        ? failure.message
        : null;
    try {
      await record.write('sql_ended', caller, {
        ...{ query_id: query.id, outcome, rows: query.rows, failure: told },
        elapsed_ms: clock.now() - query.startedAt,
      });
    } catch (err) {
      log.warn({ err }, 'the end of a query could not be put on record');
    }
  }

  /** @throws {ApiProblem} 404, also for what somebody else asked */
  async function find(id: string, caller: Caller): Promise<QueryProgress> {
    const now = running.get(id);
    const mine = (by: string) => by === caller.id || caller.scopes.has('admin');
    if (now && mine(now.by)) {
      const [row] = await store.ask(runningQuery, { query_id: id });
      return {
        ...{ query_id: id, state: 'running', by: now.by, sql: now.sql, started_at: iso(now.startedAt) },
        elapsed_ms: clock.now() - now.startedAt,
        rows_read: row?.read_rows ?? null,
        rows_total: row?.total_rows_approx || null,
        bytes_read: row?.read_bytes ?? null,
        memory_bytes: row?.memory_usage ?? null,
        ...{ rows: now.rows, failure: null },
      };
    }
    const asked = (await past([id], caller.scopes.has('admin') ? '' : caller.id)).at(0);
    if (!asked) throw notFound(`query ${id} of yours`);
    return asked;
  }

  async function past(ids: readonly string[], by: string): Promise<QueryProgress[]> {
    const rows = await store.ask(endedQueries, { ids: [...ids], by });
    return rows.map((row) => {
      const hasEnded = row.outcome !== '';
      const elapsed_ms = hasEnded ? row.elapsed_ms : clock.now() - row.started_at;
      // Those of other processes are not known here.
      const mayRun = running.has(row.query_id) || elapsed_ms < runsMsMax;
      return {
        ...{ query_id: row.query_id, by: row.by, sql: row.sql, started_at: iso(row.started_at) },
        ...{ state: row.outcome || (mayRun ? 'running' : 'failed'), elapsed_ms },
        ...{ rows_read: null, rows_total: null, bytes_read: null, memory_bytes: null },
        rows: hasEnded ? row.rows : null,
        failure: hasEnded || mayRun ? row.failure || null : 'it was cut off',
      };
    });
  }

  /**
   * Stops a query that another process asked, on the server: that process sees it end. Whoever asked may stop it there,
   * so no further right is needed.
   * @returns whether there was one
   */
  async function stopElsewhere(query_id: string): Promise<boolean> {
    if (!analysts) return false;
    try {
      const answer = await analysts.client.query({
        query: 'KILL QUERY WHERE query_id = {query_id:String} ASYNC',
        query_params: { query_id },
        format: 'JSONEachRow',
      });
      return (await answer.json()).length > 0;
    } catch (error) {
      // The embedded engine lets no analyst stop anything. It has one process, so there is nothing to stop elsewhere.
      if (queryProblem(error)?.errorCode === 'api.query_refused') return false;
      throw error;
    }
  }

  return {
    async runQuery({ body, caller, signal, response }) {
      if (!analysts) {
        throw new ApiProblem(
          403,
          'api.query_refused',
          'Not set up',
          'no read-only ClickHouse user is configured (analyst.password), so nobody can ask SQL here',
        );
      }
      const { sql, params, rows_max, format, query_id: id = `q_${randomUUID()}` } = body;
      const query = begin(id, sql, caller, signal);
      // On record before anything is run.
      await record
        .write('sql_asked', caller, { query_id: id, sql: sql.slice(0, recordedMax) })
        .catch((error: unknown) => {
          running.delete(id);
          throw error;
        });
      let failure: unknown;
      try {
        query.stop.signal.throwIfAborted();
        const { columns, rows } = await readResult(analysts, { sql, params, id }, query.stop.signal);
        if (format !== 'json') {
          const names = columns.map(({ name }) => name);
          response.setHeader('X-Query-Id', id);
          await exportRows(response, format, 'query', names, named(names, rows, query));
          return sent;
        }
        const shown: unknown[][] = [];
        let more = false;
        for await (const row of rows) {
          if (shown.length === rows_max) {
            more = true;
            break;
          }
          shown.push(row);
          query.rows = shown.length;
        }
        const elapsed_ms = clock.now() - query.startedAt;
        return { query_id: id, columns: [...columns], rows: shown, more, elapsed_ms };
      } catch (error) {
        // What was stopped may end with any error.
        failure = query.stop.signal.aborted ? cancelled() : error;
        throw queryProblem(failure) ?? failure;
      } finally {
        query.stop.abort(new Error('the answer is complete'));
        await end(query, caller, failure);
      }
    },
    async listQueries({ query, caller }) {
      const after = fromCursor(query.cursor, Place);
      const by = caller.scopes.has('admin') ? '' : caller.id;
      const rows = await store.ask(auditPage, {
        ...{ actor: by, kinds: ['sql_asked'], incident_id: '', from: 0, to: Date.UTC(2200, 0) },
        ...{ has_place: after !== null, after_at: after?.[0] ?? 0 },
        ...{ after_chain: after?.[1] ?? '', after_seq: after?.[2] ?? 0, rows: query.limit + 1 },
      });
      const ids = rows.map(({ data }) => String((JSON.parse(data) as { query_id?: unknown }).query_id));
      const known = new Map((await past(ids, by)).map((one) => [one.query_id, one]));
      const page = pageFrom(
        rows.map((row, i) => ({ ...row, query_id: ids[i]! })),
        query.limit,
        (row) => [row.at, row.chain, row.seq],
        ({ query_id }) => known.get(query_id),
      );
      return { ...page, items: page.items.filter((one) => one !== undefined) };
    },
    getQuery: ({ params: { query_id }, caller }) => find(query_id, caller),
    async cancelQuery({ params: { query_id }, caller }) {
      const asked = await find(query_id, caller);
      const here = running.get(query_id);
      if (here) here.stop.abort(cancelled());
      const stopped = here !== undefined || (asked.state === 'running' && (await stopElsewhere(query_id)));
      return stopped ? { ...asked, state: 'cancelled' } : asked;
    },
    async getQuerySchema({ signal }) {
      const [rows, functions] = await Promise.all([
        store.ask(tableColumns, { database: store.database, tables: [...tablesForAnalysts] }, signal),
        store.ask(functionNames, {}, signal),
      ]);
      const tables = Map.groupBy(rows, ({ table }) => table);
      return {
        database: store.database,
        tables: [...tables]
          .map(([name, columns]) => ({
            ...{ name, comment: columns[0]!.table_comment, stable: stableViews.includes(name) },
            columns: columns.map(({ name: column, type, comment }) => ({ name: column, type, comment })),
          }))
          .sort((a, b) => Number(b.stable) - Number(a.stable) || (a.name < b.name ? -1 : 1)),
        functions: functions.map(({ name }) => name),
      };
    },
    getCookbook: async () => ({ items: readCookbook() }),
  };
}

async function* named(
  names: readonly string[],
  rows: AsyncIterable<unknown[]>,
  query: Running,
): AsyncGenerator<Record<string, unknown>> {
  for await (const row of rows) {
    query.rows++;
    yield Object.fromEntries(names.map((name, i) => [name, row[i]]));
  }
}
