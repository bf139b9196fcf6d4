import * as z from 'zod';
import { defineQuestion } from '../question.ts';

/**
 * Accepted requests of one key since a time, by network and endpoint, and whether its own past had those: what a stop
 * would block, and of whom. The past is `history_ms` before that time. A repeated event counts once.
 */
export const keyTraffic = defineQuestion({
  name: 'key-traffic',
  sql: `
    WITH
        fromUnixTimestamp64Milli({since:Int64}) AS since,
        fromUnixTimestamp64Milli({since:Int64} - {history_ms:Int64}) AS past
    SELECT
        network, any(r.country) AS country, method, route, count() AS requests,
        network IN (
            SELECT network FROM requests_raw_v1
            WHERE key_id = {key_id:String} AND ts >= past AND ts < since AND outcome = 'valid') AS knows_network,
        (method, route) IN (
            SELECT method, route FROM requests_raw_v1
            WHERE key_id = {key_id:String} AND ts >= past AND ts < since AND outcome = 'valid') AS knows_endpoint
    FROM requests_raw_v1 AS r
    WHERE key_id = {key_id:String} AND ts >= since AND outcome = 'valid' AND is_repeat = 0
    GROUP BY network, method, route
    ORDER BY requests DESC, network, method, route
    LIMIT {rows_max:UInt32}`,
  params: z.object({
    key_id: z.string(),
    since: z.int().describe('epoch ms'),
    history_ms: z.int().positive(),
    rows_max: z.int().positive(),
  }),
  row: z.object({
    network: z.string(),
    country: z.string(),
    method: z.string(),
    route: z.string(),
    requests: z.number(),
    knows_network: z.number(),
    knows_endpoint: z.number(),
  }),
});

/** Accepted requests of one key in a span of time, and when the first of them was. */
export const keyRequests = defineQuestion({
  name: 'key-requests',
  sql: `
    SELECT count() AS requests, toUnixTimestamp64Milli(min(ts)) AS first_at
    FROM requests_raw_v1
    WHERE key_id = {key_id:String} AND outcome = 'valid' AND is_repeat = 0
      AND ts >= fromUnixTimestamp64Milli({from:Int64}) AND ts < fromUnixTimestamp64Milli({until:Int64})`,
  params: z.object({ key_id: z.string(), from: z.int().describe('epoch ms'), until: z.int() }),
  row: z.object({ requests: z.number(), first_at: z.number() }),
});
