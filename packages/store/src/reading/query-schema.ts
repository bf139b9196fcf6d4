import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/** The tables and views of a database, with every column and what it means. */
export const tableColumns = defineQuestion({
  name: 'table-columns',
  sql: `
    SELECT c.table AS table, t.comment AS table_comment, c.name AS name, c.type AS type, c.comment AS comment
    FROM system.columns AS c
    INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
    WHERE c.database = {database:String} AND c.table IN ({tables:Array(String)})
    ORDER BY c.table, c.position`,
  params: z.object({ database: z.string(), tables: z.array(z.string()) }),
  row: z.object({
    table: z.string(),
    table_comment: z.string(),
    name: z.string(),
    type: z.string(),
    comment: z.string(),
  }),
});

/** Names of functions, for completion. */
export const functionNames = defineQuestion({
  name: 'function-names',
  sql: "SELECT name FROM system.functions WHERE NOT startsWith(name, '_') AND alias_to = '' ORDER BY name",
  params: z.object({}),
  row: z.object({ name: z.string() }),
});

/** How far a running query is; no row when it is not running. The embedded engine knows it by its comment. */
export const runningQuery = defineQuestion({
  name: 'running-query',
  sql: `
    SELECT read_rows, total_rows_approx, read_bytes, memory_usage
    FROM system.processes
    WHERE query_id = {query_id:String} OR startsWith(Settings['log_comment'], concat({query_id:String}, ' '))
    LIMIT 1`,
  params: z.object({ query_id: z.string() }),
  row: z.object({
    read_rows: z.number(),
    total_rows_approx: z.number(),
    read_bytes: z.number(),
    memory_usage: z.number(),
  }),
});
