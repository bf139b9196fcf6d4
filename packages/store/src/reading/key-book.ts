import * as z from 'zod';

/** Days after which something about a key is worth tidying up. */
export const hygieneDays = { neverUsed: 7, unused: 30, unusedScope: 90, rotation: 365 } as const;

const epoch = "toDateTime64(0, 3, 'UTC')";
const daysAgo = (days: number) => `{now:Int64} - ${days * 86_400_000}`;

/**
 * A subquery with a row for every key that an issuer told of or that was used: what the issuer says, first and last use,
 * and what is worth tidying up. A state that the issuer confirmed to us after it told of the key counts as its word. Times are epoch ms, 0 for never. A scope counts as used by the convention of grants: verb
 * and first segment of the route that is neither a version nor `api`.
 * @param only SQL that both sides are cut down by, such as `key_id = {key_id:String}`
 */
export function keyBook(only = '1'): string {
  return `
    (
        SELECT
            key_id, if(r.lineage = '', key_id, r.lineage) AS lineage_id, name, owner, issuer, scopes, rate_limit, quota, protected, tags,
            if(registered, r.account_id, u.account_id) AS account_id,
            if(registered, r.app_id, u.app_id) AS app_id,
            r.key_status != '' AS registered,
            if(registered, r.key_status, 'unregistered') AS status,
            r.created_ms AS created_at, r.expires_ms AS expires_at, r.rotated_ms AS rotated_at, r.revoked_ms AS revoked_at,
            u.first_ms AS first_used_at, u.last_ms AS last_used_at, u.accepted_ms AS last_accepted_at,
            arrayFilter(scope -> NOT arrayExists(
                grant -> splitByChar(':', scope)[1] IN ('*', grant.1) AND splitByChar(':', scope)[2] IN ('*', grant.2),
                u.recent_grants), scopes) AS unused_scopes,
            arrayConcat(
                if(status = 'active' AND last_used_at = 0 AND created_at < ${daysAgo(hygieneDays.neverUsed)}, ['never_used'], []),
                if(status = 'active' AND last_used_at > 0 AND last_used_at < ${daysAgo(hygieneDays.unused)}, ['unused_30_days'], []),
                if(status = 'active' AND last_accepted_at > 0 AND created_at < ${daysAgo(hygieneDays.unusedScope)}
                    AND notEmpty(unused_scopes), ['unused_scopes'], []),
                if(status = 'active' AND created_at > 0 AND created_at < ${daysAgo(hygieneDays.rotation)}, ['rotation_overdue'], []),
                if(status = 'active' AND expires_at = 0, ['no_expiry'], []),
                if(status = 'active' AND owner = '', ['no_owner'], []),
                if(registered, [], ['unregistered']),
                if(last_accepted_at > ends_at AND ends_at > 0, ['expired_in_use'], [])
            ) AS issues,
            multiIf(revoked_at > 0, revoked_at, expires_at > 0 AND expires_at < {now:Int64}, expires_at, 0) AS ends_at
        FROM
        (
            SELECT
                key_id, k.lineage_id AS lineage, account_id, app_id, name, owner, issuer, scopes, rate_limit, quota, protected, tags,
                if(done.at > fromUnixTimestamp64Milli(toInt64(k.version)), done.status, toString(k.status)) AS key_status,
                toUnixTimestamp64Milli(ifNull(k.created_at, ${epoch})) AS created_ms,
                toUnixTimestamp64Milli(ifNull(k.expires_at, ${epoch})) AS expires_ms,
                toUnixTimestamp64Milli(ifNull(k.rotated_at, ${epoch})) AS rotated_ms,
                toUnixTimestamp64Milli(ifNull(k.revoked_at, ${epoch})) AS revoked_ms
            FROM keys_v1 AS k FINAL
            LEFT JOIN
            (
                SELECT
                    key_id, max(ifNull(a.stopped_at, ${epoch})) AS at,
                    argMax(if(action = 'disable', 'disabled', 'active'), ifNull(a.stopped_at, ${epoch})) AS status
                FROM actions AS a
                GROUP BY key_id
            ) AS done USING (key_id)
            WHERE ${only}
        ) AS r
        FULL JOIN
        (
            SELECT
                key_id, anyLast(e.account_id) AS account_id, anyLast(e.app_id) AS app_id,
                toUnixTimestamp64Milli(least(
                    ifNull(min(e.first_accepted_at), toDateTime64('2200-01-01', 3, 'UTC')),
                    ifNull(min(e.first_refused_at), toDateTime64('2200-01-01', 3, 'UTC')))) AS first_ms,
                toUnixTimestamp64Milli(greatest(
                    ifNull(max(e.last_accepted_at), ${epoch}), ifNull(max(e.last_refused_at), ${epoch}))) AS last_ms,
                toUnixTimestamp64Milli(ifNull(max(e.last_accepted_at), ${epoch})) AS accepted_ms,
                groupUniqArrayIf(
                    (if(method IN ('GET', 'HEAD', 'OPTIONS'), 'read', 'write'), ${resourceOf('route')}),
                    e.last_accepted_at > fromUnixTimestamp64Milli(${daysAgo(hygieneDays.unusedScope)})) AS recent_grants
            FROM endpoint_use_v1 AS e
            WHERE ${only}
            GROUP BY key_id
        ) AS u USING (key_id)
    )`;
}

/** SQL for the resource of a route. */
export function resourceOf(route: string): string {
  return `arrayFirst(part -> part != '' AND part != 'api' AND NOT match(part, '^v[0-9]+$'), splitByChar('/', toString(${route})))`;
}

/** The columns of `keyBook` that lists show. */
export const keyBookColumns = `key_id, lineage_id, account_id, app_id, name, owner, status, protected, scopes, tags,
        created_at, expires_at, rotated_at, revoked_at, first_used_at, last_used_at, last_accepted_at`;

/** Their types; times are epoch ms, 0 for never. */
export const KeyBookRow = z.object({
  key_id: z.string(),
  lineage_id: z.string(),
  account_id: z.string(),
  app_id: z.string(),
  name: z.string(),
  owner: z.string(),
  status: z.enum(['active', 'disabled', 'revoked', 'expired', 'unregistered']),
  protected: z.boolean(),
  scopes: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
  created_at: z.number(),
  expires_at: z.number(),
  rotated_at: z.number(),
  revoked_at: z.number(),
  first_used_at: z.number(),
  last_used_at: z.number(),
  last_accepted_at: z.number(),
});
