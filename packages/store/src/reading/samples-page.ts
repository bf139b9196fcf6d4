import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { RequestFilter, type RequestSubject, requestsOf } from './request-filter.ts';

/** Requests of a subject as they are stored, newest first. */
export function samplesPage(subject: RequestSubject) {
  return defineQuestion({
    name: `samples-page-of-${subject}`,
    sql: `
      SELECT
          toUnixTimestamp64Milli(ts) AS at, event_id, key_id, method, route, path, status, outcome,
          replaceRegexpOne(toString(r.client_ip), '^::ffff:', '') AS client_ip, network, asn, country, user_agent,
          bytes_in, bytes_out, latency_ms, gateway, trace_id,
          concat(_topic, '/', toString(_partition), '/', toString(_offset), '/', toString(_idx)) AS place
      FROM requests_raw_v1 AS r
      WHERE ${requestsOf(subject)}
        AND ({has_place:Bool} = 0 OR (at, place) < ({after_at:Int64}, {after_place:String}))
      ORDER BY at DESC, place DESC
      LIMIT {rows:UInt32}`,
    params: RequestFilter.extend({
      has_place: z.boolean(),
      after_at: z.int(),
      after_place: z.string(),
      rows: z.int().positive(),
    }),
    row: z.object({
      at: z.number(),
      event_id: z.string(),
      key_id: z.string(),
      method: z.string(),
      route: z.string(),
      path: z.string(),
      status: z.number(),
      outcome: z.string(),
      client_ip: z.string(),
      network: z.string(),
      asn: z.number(),
      country: z.string(),
      user_agent: z.string(),
      bytes_in: z.number(),
      bytes_out: z.number(),
      latency_ms: z.number(),
      gateway: z.string(),
      trace_id: z.string(),
      place: z.string(),
    }),
  });
}
