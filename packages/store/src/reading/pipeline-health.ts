import * as z from 'zod';
import { defineQuestion } from '../question.ts';
import { detectorShardsNow } from '../questions/detector-shards-now.ts';
import { liveStreams } from '../questions/live-streams.ts';

/** How far ingest is in each partition that is not retired, as it last said. Times are epoch ms. */
export const ingestPartitions = defineQuestion({
  name: 'ingest-partitions',
  sql: `
    SELECT
        topic, partition, offset, lag,
        toUnixTimestamp64Milli(until) AS stored_until, toUnixTimestamp64Milli(at) AS reported_at
    FROM ${liveStreams}
    ORDER BY topic, partition`,
  params: z.object({}),
  row: z.object({
    topic: z.string(),
    partition: z.number(),
    offset: z.number(),
    lag: z.number(),
    stored_until: z.number(),
    reported_at: z.number(),
  }),
});

/** How far each shard of the detector is. */
export const detectorShards = defineQuestion({
  name: 'detector-shards',
  sql: `
    SELECT
        p.shard AS shard, toUnixTimestamp64Milli(p.frontier) AS judged_until,
        toUnixTimestamp64Milli(p.published_until) AS published_until,
        toUnixTimestamp64Milli(p.at) AS reported_at
    FROM ${detectorShardsNow} AS p
    ORDER BY p.shard`,
  params: z.object({}),
  row: z.object({
    shard: z.number(),
    judged_until: z.number(),
    published_until: z.number(),
    reported_at: z.number(),
  }),
});

/**
 * What each gateway sent in the past day, and how many of its running numbers are missing. Reads a few narrow columns of
 * the day's rows.
 */
export const gatewaysOfDay = defineQuestion({
  name: 'gateways-of-day',
  sql: `
    SELECT
        gateway,
        toUnixTimestamp64Milli(max(ts)) AS last_event_at,
        countIf(ts >= fromUnixTimestamp64Milli({now:Int64} - 3600000)) AS events_hour,
        count() AS events_24h,
        if(countIf(gateway_seq > 0) = 0, -1,
            toInt64(maxIf(gateway_seq, gateway_seq > 0)) - toInt64(minIf(gateway_seq, gateway_seq > 0)) + 1
                - toInt64(countIf(gateway_seq > 0))) AS missing,
        countIf(ts >= fromUnixTimestamp64Milli({now:Int64} - 300000)) AS events_5_min,
        argMax(gateway_seq, (ts, gateway_seq)) AS last_seq
    FROM requests_raw_v1
    WHERE ts >= fromUnixTimestamp64Milli({now:Int64} - 86400000) AND ts <= fromUnixTimestamp64Milli({now:Int64} + 300000)
      AND is_repeat = 0
    GROUP BY gateway ORDER BY events_24h DESC, gateway LIMIT 1000`,
  params: z.object({ now: z.int().describe('epoch ms') }),
  row: z.object({
    gateway: z.string(),
    last_event_at: z.number(),
    events_hour: z.number(),
    events_24h: z.number(),
    missing: z.number().describe('-1: it sends no numbers'),
    events_5_min: z.number(),
    last_seq: z.number().describe('running number of its last event; 0: it sends no numbers'),
  }),
});

/** Events that were gone from a stream before they were read, newest first. */
export const ingestGaps = defineQuestion({
  name: 'ingest-gaps',
  sql: `
    SELECT topic, partition, from_offset, to_offset, toUnixTimestamp64Milli(g.at) AS at
    FROM ingest_gaps_v1 AS g FINAL ORDER BY g.at DESC LIMIT 100`,
  params: z.object({}),
  row: z.object({
    topic: z.string(),
    partition: z.number(),
    from_offset: z.number(),
    to_offset: z.number(),
    at: z.number(),
  }),
});

/** Dead letters since a time, by reason. */
export const deadLetterReasons = defineQuestion({
  name: 'dead-letter-reasons',
  sql: `
    SELECT reason, uniqExact(_topic, _partition, _offset, _idx) AS letters
    FROM dead_letters_v1 AS d
    WHERE d.at >= fromUnixTimestamp64Milli({since:Int64})
    GROUP BY reason ORDER BY letters DESC, reason`,
  params: z.object({ since: z.int().describe('epoch ms') }),
  row: z.object({ reason: z.string(), letters: z.number() }),
});

/** A page of dead letters, newest first. */
export const deadLettersPage = defineQuestion({
  name: 'dead-letters-page',
  sql: `
    SELECT
        toUnixTimestamp64Milli(min(d.at)) AS at, any(d.reason) AS reason, any(d.detail) AS detail, any(d.original) AS original,
        concat(_topic, '/', toString(_partition), '/', toString(_offset), '/', toString(_idx)) AS place
    FROM dead_letters_v1 AS d
    WHERE d.at >= fromUnixTimestamp64Milli({from:Int64}) AND d.at < fromUnixTimestamp64Milli({to:Int64})
      AND ({reason:String} = '' OR d.reason = {reason:String})
      AND ({has_place:Bool} = 0 OR d.at <= fromUnixTimestamp64Milli({after_at:Int64}))
    GROUP BY _topic, _partition, _offset, _idx
    HAVING {has_place:Bool} = 0 OR (at, place) < ({after_at:Int64}, {after_place:String})
    ORDER BY at DESC, place DESC
    LIMIT {rows:UInt32}`,
  params: z.object({
    from: z.int().describe('epoch ms'),
    to: z.int().describe('epoch ms'),
    reason: z.string(),
    has_place: z.boolean(),
    after_at: z.int(),
    after_place: z.string(),
    rows: z.int().positive(),
  }),
  row: z.object({
    at: z.number(),
    reason: z.string(),
    detail: z.string(),
    original: z.string(),
    place: z.string(),
  }),
});
