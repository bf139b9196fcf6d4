import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { keyBook } from './key-book.ts';

/** Days after which something about a key is worth tidying up. */
export const hygieneDays = { neverUsed: 7, unused: 30, unusedScope: 90, rotation: 365 } as const;

const daysAgo = (days: number) => `{now:Int64} - ${days * 86_400_000}`;
const endsAt =
  'multiIf(revoked_at > 0, revoked_at, expires_at > 0 AND expires_at < {now:Int64}, expires_at, 0)';

/** What is worth tidying up about a key that is active: when a row of `keyHygiene` has it, in SQL. */
const ofActiveKeys = {
  never_used: `last_used_at = 0 AND created_at < ${daysAgo(hygieneDays.neverUsed)}`,
  unused_30_days: `last_used_at > 0 AND last_used_at < ${daysAgo(hygieneDays.unused)}`,
  unused_scopes: `last_accepted_at > 0 AND created_at < ${daysAgo(hygieneDays.unusedScope)} AND notEmpty(unused_scopes)`,
  rotation_overdue: `created_at > 0 AND created_at < ${daysAgo(hygieneDays.rotation)}`,
  no_expiry: 'expires_at = 0',
  no_owner: "owner = ''",
};
/** And about any key. */
const ofAnyKeys = {
  unregistered: "status = 'unregistered'",
  expired_in_use: `last_accepted_at > ${endsAt} AND ${endsAt} > 0`,
};
export type KeyIssue = keyof typeof ofActiveKeys | keyof typeof ofAnyKeys;

/** SQL that tells whether a key has an issue. Only `unused_scopes` needs a row of `keyHygiene`, the others one of `keyBook`. */
export function hasIssue(issue: KeyIssue): string {
  return issue in ofAnyKeys
    ? ofAnyKeys[issue as keyof typeof ofAnyKeys]
    : `status = 'active' AND ${ofActiveKeys[issue as keyof typeof ofActiveKeys]}`;
}

/**
 * SQL for the names of everything that is worth tidying up about a key. One `if` around all of them: ClickHouse looks for
 * chains of comparisons wherever there is an AND, which takes it longer than the rest of a question about one key.
 */
export const issuesOfKey = `
        arrayFilter((issue, has) -> has,
            [${[...Object.keys(ofActiveKeys), ...Object.keys(ofAnyKeys)].map((issue) => `'${issue}'`)}],
            arrayConcat(
                if(status = 'active', [${Object.values(ofActiveKeys)}], [${Object.keys(ofActiveKeys).map(() => 0)}]),
                [${Object.values(ofAnyKeys)}]))`;

/**
 * The rows of `keyBook` with the scopes that a key did not use. A scope counts as used by the convention of grants: verb and
 * first segment of the route that is neither a version nor `api`. Goes through the endpoints of the keys, too.
 * @param only as for `keyBook`
 */
export function keyHygiene(only = '1'): string {
  return `
    (
        SELECT
            *,
            arrayFilter(scope -> NOT arrayExists(
                grant -> splitByChar(':', scope)[1] IN ('*', grant[1]) AND splitByChar(':', scope)[2] IN ('*', grant[2]),
                arrayMap(used -> splitByChar('/', used), used_grants)), scopes) AS unused_scopes
        FROM ${keyBook(only)} AS book
        LEFT JOIN
        (
            SELECT
                key_id,
                groupUniqArray(concat(if(method IN ('GET', 'HEAD', 'OPTIONS'), 'read', 'write'), '/', ${resourceOf('route')})) AS used_grants
            FROM endpoint_use_v1 AS e
            WHERE ${only} AND e.last_accepted_at > fromUnixTimestamp64Milli(${daysAgo(hygieneDays.unusedScope)})
            GROUP BY key_id
        ) AS used USING (key_id)
    )`;
}

/** SQL for the resource of a route, in functions of text to text: ClickHouse calls those once for each of a column's few routes. */
function resourceOf(route: string): string {
  return `extract(replaceRegexpOne(concat(${route}, '/'), '^(?:(?:api|v[0-9]+)?/)*', ''), '^[^/]*')`;
}

/** How many keys have each thing that is worth tidying up. Goes through all of them. */
export const hygieneCounts = defineQuestion({
  name: 'hygiene-counts',
  sql: `
    SELECT issue, toUInt32(count()) AS keys
    FROM (SELECT arrayJoin(${issuesOfKey}) AS issue FROM ${keyHygiene()} AS book)
    GROUP BY issue`,
  params: z.object({ now: z.int() }),
  row: z.object({ issue: z.string(), keys: z.number() }),
});
