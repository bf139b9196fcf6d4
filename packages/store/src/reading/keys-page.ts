import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { KeyBookRow, keyBook, keyBookColumns } from './key-book.ts';

export const keySorts = ['key_id', 'last_used_at', 'created_at', 'requests_24h'] as const;
export type KeySort = (typeof keySorts)[number];

const filters = `
    ({q:String} = '' OR startsWith(key_id, {q:String}) OR endsWith(key_id, {q:String})
        OR positionCaseInsensitiveUTF8(concat(name, '\\n', owner, '\\n', account_id, '\\n', app_id), {q:String}) > 0
        OR arrayExists((tag, value) -> positionCaseInsensitiveUTF8(concat(tag, ':', value), {q:String}) > 0, mapKeys(tags), mapValues(tags)))
    AND (empty({status:Array(String)}) OR has({status:Array(String)}, status))
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({app_id:String} = '' OR app_id = {app_id:String})
    AND ({owner:String} = '' OR owner = {owner:String})
    AND ({tag:String} = '' OR (mapContains(tags, {tag:String}) AND {tag_value:String} = '') OR tags[{tag:String}] = {tag_value:String} AND {tag_value:String} != '')
    AND ({hygiene:String} = '' OR has(issues, {hygiene:String}))`;

const Filters = z.object({
  now: z.int().describe('epoch ms'),
  q: z.string(),
  status: z.array(z.string()),
  account_id: z.string(),
  app_id: z.string(),
  owner: z.string(),
  tag: z.string(),
  tag_value: z.string(),
  hygiene: z.string(),
});

/**
 * A page of the keys that filters let through, after a place in the order. All keys are gone through: at a hundred
 * thousand that is some tens of milliseconds, and any part of a name can be searched for. Requests of the day are only
 * summed up where they are sorted by.
 */
export function keysPage(sort: KeySort, order: 'asc' | 'desc') {
  const place = sort === 'key_id' ? 'key_id' : 'sorted';
  const beyond = order === 'asc' ? '>' : '<';
  const requests = `
    LEFT JOIN (
        SELECT key_id, sum(requests) AS day_requests FROM usage_per_minute_v1
        WHERE minute >= fromUnixTimestamp64Milli({now:Int64} - 86400000) GROUP BY key_id
    ) AS day USING (key_id)`;
  return defineQuestion({
    name: `keys-page-by-${sort}`,
    sql: `
      SELECT ${keyBookColumns}, ${sort === 'key_id' ? '0' : sort === 'requests_24h' ? 'toInt64(day_requests)' : sort} AS sorted
      FROM ${keyBook()} AS book ${sort === 'requests_24h' ? requests : ''}
      WHERE ${filters}
        AND ({has_place:Bool} = 0 OR ${
          sort === 'key_id'
            ? `key_id ${beyond} {after_key:String}`
            : `(${place}, key_id) ${beyond} ({after_value:Int64}, {after_key:String})`
        })
      ORDER BY ${place} ${order}, key_id ${order}
      LIMIT {rows:UInt32}`,
    params: Filters.extend({
      has_place: z.boolean(),
      after_value: z.int(),
      after_key: z.string(),
      rows: z.int().positive(),
    }),
    row: KeyBookRow.extend({ sorted: z.number() }),
  });
}

/** How many keys the filters let through. */
export const keysCount = defineQuestion({
  name: 'keys-count',
  sql: `SELECT count() AS keys FROM ${keyBook()} AS book WHERE ${filters}`,
  params: Filters,
  row: z.object({ keys: z.number() }),
});

/** Requests of some keys in each of the past 24 hours; hour 0 is the oldest. */
export const hoursOfKeys = defineQuestion({
  name: 'hours-of-keys',
  sql: `
    SELECT key_id, intDiv(toInt64(toUnixTimestamp(minute)) * 1000 - ({now:Int64} - 86400000), 3600000) AS hour,
        sum(requests) AS requests, sum(denied) AS denied
    FROM usage_per_minute_v1
    WHERE key_id IN ({keys:Array(String)}) AND minute >= fromUnixTimestamp64Milli({now:Int64} - 86400000)
      AND minute < fromUnixTimestamp64Milli({now:Int64})
    GROUP BY key_id, hour`,
  params: z.object({ keys: z.array(z.string()), now: z.int() }),
  row: z.object({ key_id: z.string(), hour: z.number(), requests: z.number(), denied: z.number() }),
});

/** The worst incident that is not resolved, of each of some keys or of all of them. */
export const openIncidentsOfKeys = defineQuestion({
  name: 'open-incidents-of-keys',
  sql: `
    SELECT key_id, incident_id, severity
    FROM incidents
    WHERE key_id IN ({keys:Array(String)}) AND state != 'resolved'
    ORDER BY key_id, indexOf(['info', 'low', 'medium', 'high', 'critical'], severity) DESC, opened_at DESC
    LIMIT 1 BY key_id`,
  params: z.object({ keys: z.array(z.string()) }),
  row: z.object({
    key_id: z.string(),
    incident_id: z.string(),
    severity: z.enum(['info', 'low', 'medium', 'high', 'critical']),
  }),
});
