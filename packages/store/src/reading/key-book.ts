import * as z from 'zod';

const epoch = "toDateTime64(0, 3, 'UTC')";
const never = "toDateTime64('2200-01-01', 3, 'UTC')";
const msOf = (time: string) => `toUnixTimestamp64Milli(ifNull(${time}, ${epoch}))`;

/** Of each key that was stopped or let in again by us: the state that its issuer confirmed last, and when. */
const confirmedStates = `
                SELECT key_id, max(confirmed_at) AS at, argMax(if(action = 'disable', 'disabled', 'active'), confirmed_at) AS status
                FROM
                (
                    SELECT
                        JSONExtractString(data, 'operation_id') AS operation_id,
                        anyIf(JSONExtractString(data, 'key_id'), kind = 'operation_proposed') AS key_id,
                        anyIf(JSONExtractString(data, 'action'), kind = 'operation_proposed') AS action,
                        maxIf(e.at, kind = 'operation_state_confirmed') AS confirmed_at
                    FROM incident_events_v1 AS e
                    WHERE kind IN ('operation_proposed', 'operation_state_confirmed')
                    GROUP BY operation_id
                )
                GROUP BY key_id`;

/**
 * A subquery with a row for every key that an issuer told of or that was used: what the issuer says, first and last use. A
 * state that the issuer confirmed to us after it told of the key counts as its word. Times are epoch ms, 0 for never. Of its
 * columns only those are read that are asked for.
 * @param only SQL that both sides are cut down by, such as `key_id = {key_id:String}`
 */
export function keyBook(only = '1'): string {
  return `
    (
        SELECT
            key_id, if(r.lineage = '', key_id, r.lineage) AS lineage_id, name, owner, issuer, scopes, rate_limit, quota, protected, tags,
            if(r.key_status = '', u.account_id, r.account_id) AS account_id,
            if(r.key_status = '', u.app_id, r.app_id) AS app_id,
            if(r.key_status = '', 'unregistered', r.key_status) AS status,
            r.created_ms AS created_at, r.expires_ms AS expires_at, r.rotated_ms AS rotated_at, r.revoked_ms AS revoked_at,
            u.first_ms AS first_used_at, u.last_ms AS last_used_at, u.accepted_ms AS last_accepted_at
        FROM
        (
            SELECT
                key_id, k.lineage_id AS lineage, account_id, app_id, name, owner, issuer, scopes, rate_limit, quota, protected, tags,
                if(done.at > fromUnixTimestamp64Milli(toInt64(k.version)), done.status, toString(k.status)) AS key_status,
                ${msOf('k.created_at')} AS created_ms, ${msOf('k.expires_at')} AS expires_ms,
                ${msOf('k.rotated_at')} AS rotated_ms, ${msOf('k.revoked_at')} AS revoked_ms
            FROM keys_v1 AS k FINAL
            LEFT JOIN
            (${confirmedStates}
            ) AS done USING (key_id)
            WHERE ${only}
        ) AS r
        FULL JOIN
        (
            SELECT
                key_id, account_id, app_id,
                ${msOf('e.last_accepted_at')} AS accepted_ms,
                greatest(accepted_ms, ${msOf('e.last_refused_at')}) AS last_ms,
                toUnixTimestamp64Milli(least(ifNull(e.first_accepted_at, ${never}), ifNull(e.first_refused_at, ${never}))) AS first_ms
            FROM key_use_v1 AS e FINAL
            WHERE ${only}
        ) AS u USING (key_id)
    )`;
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
