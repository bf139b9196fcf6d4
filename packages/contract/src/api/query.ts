import * as z from 'zod';
import { PageQuery, pageOf, Time } from './page.ts';
import { defineRoute } from './route.ts';

/** Limits of a query; ClickHouse itself holds them. */
export const queryLimits = { secondsMax: 30, memoryBytesMax: 1_000_000_000, rowsMax: 10_000_000 } as const;

export const SqlQuery = z.object({
  sql: z.string().min(1).max(100_000).describe('one reading statement'),
  params: z
    .record(z.string().regex(/^\w{1,64}$/), z.union([z.string().max(100_000), z.number(), z.boolean()]))
    .default({})
    .describe('for `{name:Type}` in the SQL'),
  query_id: z
    .string()
    .regex(/^[\w-]{8,64}$/)
    .optional()
    .describe('a name of your own, to ask for progress and to cancel'),
  rows_max: z
    .int()
    .min(1)
    .max(10_000)
    .default(1_000)
    .describe('rows in a JSON answer; `more` says whether there are others. Streams have all'),
  format: z.enum(['json', 'ndjson', 'csv']).default('json').describe('`ndjson` and `csv` are streamed'),
});
export type SqlQuery = z.infer<typeof SqlQuery>;

export const SqlResult = z.object({
  query_id: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.unknown())),
  more: z.boolean().describe('there are more rows than these'),
  elapsed_ms: z.number(),
});
export type SqlResult = z.infer<typeof SqlResult>;

export const QueryProgress = z.object({
  query_id: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  by: z.string(),
  sql: z.string(),
  started_at: Time,
  elapsed_ms: z.number(),
  rows_read: z.number().nullable().describe('so far; null where the engine does not tell'),
  rows_total: z.number().nullable().describe('to be read, as far as is known'),
  bytes_read: z.number().nullable(),
  memory_bytes: z.number().nullable(),
  rows: z.number().nullable().describe('of the result, so far'),
  failure: z.string().nullable(),
});
export type QueryProgress = z.infer<typeof QueryProgress>;

export const QuerySchema = z.object({
  database: z.string(),
  tables: z.array(
    z.object({
      name: z.string(),
      comment: z.string(),
      stable: z.boolean().describe('stays over releases; other tables are how it is built'),
      columns: z.array(z.object({ name: z.string(), type: z.string(), comment: z.string() })),
    }),
  ),
  functions: z.array(z.string()).describe('for completion'),
});
export type QuerySchema = z.infer<typeof QuerySchema>;

export const CookbookEntry = z.object({ title: z.string(), question: z.string(), sql: z.string() });
export type CookbookEntry = z.infer<typeof CookbookEntry>;

const Path = z.object({ query_id: z.string().regex(/^[\w-]{8,64}$/) });

export const queryRoutes = [
  defineRoute({
    id: 'runQuery',
    method: 'post',
    path: '/v1/query',
    tag: 'sql',
    access: 'read',
    summary: 'Ask ClickHouse: one reading statement, 30 s, 1 GB, 10 million rows',
    body: SqlQuery,
    response: SqlResult,
    streams: 'rows',
  }),
  defineRoute({
    id: 'listQueries',
    method: 'get',
    path: '/v1/queries',
    tag: 'sql',
    access: 'read',
    summary: 'What I asked lately; an admin sees what everybody asked',
    query: PageQuery,
    response: pageOf(QueryProgress),
    streams: 'export',
  }),
  defineRoute({
    id: 'getQuery',
    method: 'get',
    path: '/v1/queries/{query_id}',
    tag: 'sql',
    access: 'read',
    summary: 'How far a query of mine is',
    params: Path,
    response: QueryProgress,
  }),
  defineRoute({
    id: 'cancelQuery',
    method: 'delete',
    path: '/v1/queries/{query_id}',
    tag: 'sql',
    access: 'read',
    summary: 'Stop a query of mine',
    params: Path,
    response: QueryProgress,
    status: 200,
  }),
  defineRoute({
    id: 'getQuerySchema',
    method: 'get',
    path: '/v1/query-schema',
    tag: 'sql',
    access: 'read',
    summary: 'Tables, columns and what they mean',
    response: QuerySchema,
  }),
  defineRoute({
    id: 'getCookbook',
    method: 'get',
    path: '/v1/query-cookbook',
    tag: 'sql',
    access: 'read',
    summary: 'Questions that analysts ask, with their SQL',
    response: z.object({ items: z.array(CookbookEntry) }),
  }),
] as const;
