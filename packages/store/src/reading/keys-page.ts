import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { KeyBookRow, keyBook, keyBookColumns } from './key-book.ts';
import { hasIssue, type KeyIssue, keyHygiene } from './key-hygiene.ts';

export const keySorts = ['key_id', 'last_used_at', 'created_at', 'requests_24h'] as const;
export type KeySort = (typeof keySorts)[number];

/** What keys can be looked for by, beside issues. */
const filters = {
  q: `
        (startsWith(key_id, {q:String}) OR endsWith(key_id, {q:String})
        OR positionCaseInsensitiveUTF8(concat(name, '\\n', owner, '\\n', account_id, '\\n', app_id), {q:String}) > 0
        OR arrayExists((tag, value) -> positionCaseInsensitiveUTF8(concat(tag, ':', value), {q:String}) > 0, mapKeys(tags), mapValues(tags)))`,
  status: 'has({status:Array(String)}, status)',
  account_id: 'account_id = {account_id:String}',
  app_id: 'app_id = {app_id:String}',
  owner: 'owner = {owner:String}',
  tag: "if({tag_value:String} = '', mapContains(tags, {tag:String}), tags[{tag:String}] = {tag_value:String})",
};
export type KeyFilter = keyof typeof filters;

/**
 * The ids of a page of the keys that filters let through, after a place in the order, and how many keys these are after that
 * place. All keys are gone through, so that any part of a name can be searched for; so a question names the filters that are given,
 * and reads no column but what these and the order need. What is shown of the keys is asked for the page alone.
 * @param by the filters that are given
 * @param issue only keys that have it
 */
export function keysPage(
  sort: KeySort,
  order: 'asc' | 'desc',
  by: readonly KeyFilter[],
  issue: KeyIssue | null,
) {
  const beyond = order === 'asc' ? '>' : '<';
  const [sorted, place, after] =
    sort === 'key_id'
      ? ['0', 'key_id', '{after_key:String}']
      : [
          sort === 'requests_24h' ? 'toInt64(day_requests)' : sort,
          '(sorted, key_id)',
          '({after_value:Int64}, {after_key:String})',
        ];
  const requests = `
      LEFT JOIN (
          SELECT key_id, sum(requests) AS day_requests FROM usage_per_minute_v1
          WHERE minute >= fromUnixTimestamp64Milli({now:Int64} - 86400000) GROUP BY key_id
      ) AS day USING (key_id)`;
  const conditions = [...by.map((filter) => filters[filter]), ...(issue ? [hasIssue(issue)] : [])];
  return defineQuestion({
    name: `keys-page-by-${sort}`,
    sql: `
      SELECT key_id, ${sorted} AS sorted, toUInt64(count() OVER ()) AS total
      FROM ${issue === 'unused_scopes' ? keyHygiene() : keyBook()} AS book ${sort === 'requests_24h' ? requests : ''}
      WHERE ({has_place:Bool} = 0 OR ${place} ${beyond} ${after})${conditions.map((one) => `\n        AND (${one})`).join('')}
      ORDER BY sorted ${order}, key_id ${order}
      LIMIT {rows:UInt32}`,
    params: z.object({
      now: z.int().describe('epoch ms'),
      q: z.string(),
      status: z.array(z.string()),
      account_id: z.string(),
      app_id: z.string(),
      owner: z.string(),
      tag: z.string(),
      tag_value: z.string(),
      has_place: z.boolean(),
      after_value: z.int(),
      after_key: z.string(),
      rows: z.int().positive(),
    }),
    row: z.object({ key_id: z.string(), sorted: z.number(), total: z.number() }),
  });
}

/** What lists show of some keys. */
export const keysNamed = defineQuestion({
  name: 'keys-named',
  sql: `SELECT ${keyBookColumns} FROM ${keyBook('key_id IN ({keys:Array(String)})')} AS book`,
  params: z.object({ keys: z.array(z.string()) }),
  row: KeyBookRow,
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

/** The worst incident that is not resolved, of each of some keys. Only the logs of incidents of these keys are folded. */
export const openIncidentsOfKeys = defineQuestion({
  name: 'open-incidents-of-keys',
  sql: `
    SELECT key_id, incident_id, severity
    FROM incidents
    WHERE key_id IN ({keys:Array(String)}) AND state != 'resolved'
      AND incident_id IN (
          SELECT incident_id FROM incident_events_v1
          WHERE kind = 'opened' AND JSONExtractString(data, 'key_id') IN ({keys:Array(String)}))
    ORDER BY key_id, indexOf(['info', 'low', 'medium', 'high', 'critical'], severity) DESC, opened_at DESC
    LIMIT 1 BY key_id`,
  params: z.object({ keys: z.array(z.string()) }),
  row: z.object({
    key_id: z.string(),
    incident_id: z.string(),
    severity: z.enum(['info', 'low', 'medium', 'high', 'critical']),
  }),
});
