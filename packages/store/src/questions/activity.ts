import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { ofShard, whichShard } from './of-shard.ts';

/**
 * What arrived between two times, summed by tick, key, event minute and what the detector tells apart. By arrival,
 * not by event time: so a late event is seen exactly once, when it comes. Rows are arrays, and only the first of an
 * answer is checked, since there may be millions. An event that a gateway sends again is marked by
 * ingest and left out; copies that two members of ingest took in at the same moment are told apart here, by id and
 * time. The id alone would not do: gateways may take it from a header that the client chose.
 */
export const activityQuestion = defineQuestion({
  name: 'activity',
  sql: `
    SELECT
        intDiv(toUnixTimestamp64Milli(arrived_at) - {from:Int64}, {tick_ms:Int64}) AS tick,
        toUnixTimestamp(toStartOfMinute(ts)) AS minute,
        key_id,
        any(account_id) AS account,
        any(app_id) AS app,
        method,
        route,
        replaceRegexpOne(toString(client_ip), '^::ffff:', '') AS ip,
        any(network) AS network,
        any(asn) AS asn,
        any(country) AS country,
        agent_family,
        uniqExact(event_id, ts) AS requests,
        uniqExactIf(event_id, ts, outcome = 'valid') AS accepted,
        uniqExactIf(event_id, ts, status IN (401, 403)) AS denied,
        uniqExactIf(event_id, ts, status = 404) AS not_found,
        uniqExactIf(event_id, ts, status = 429) AS rate_limited,
        uniqExactIf(event_id, ts, status >= 500) AS server_errors,
        sum(bytes_out) AS bytes_out,
        uniqExact(path) AS objects
    FROM requests_raw_v1
    WHERE arrived_at >= fromUnixTimestamp64Milli({from:Int64}) AND arrived_at < fromUnixTimestamp64Milli({to:Int64})
      AND is_repeat = 0 AND ${ofShard}
    GROUP BY tick, minute, key_id, method, route, client_ip, agent_family
    ORDER BY tick, key_id, minute, method, route, client_ip, agent_family`,
  params: z.object({
    from: z.int().describe('epoch ms, a multiple of tick_ms'),
    to: z.int().describe('epoch ms, a multiple of tick_ms'),
    tick_ms: z.int().positive(),
    ...whichShard,
  }),
  row: z.tuple([
    z.number(), // tick
    z.number(), // minute
    z.string(), // key_id
    z.string(), // account
    z.string(), // app
    z.string(), // method
    z.string(), // route
    z.string(), // ip
    z.string(), // network
    z.number(), // asn
    z.string(), // country
    z.string(), // agent_family
    z.number(), // requests
    z.number(), // accepted
    z.number(), // denied
    z.number(), // not_found
    z.number(), // rate_limited
    z.number(), // server_errors
    z.number(), // bytes_out
    z.number(), // objects
  ]),
  format: 'compact',
  check: 'first',
});
