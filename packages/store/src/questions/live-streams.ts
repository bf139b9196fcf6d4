/**
 * What a stream that is gone for good has in place of the time up to which it is stored: nobody waits for it. See
 * `retireStream`.
 */
export const retiredUntilMs = Date.UTC(2200, 0, 1);

/** The same in questions. */
export const retiredUntil = `fromUnixTimestamp64Milli(${retiredUntilMs}::Int64, 'UTC')`;

/** How far each stream that is not retired is, as it last said; a part of questions: topic, partition, offset, lag, until, at. */
export const liveStreams = `(
        SELECT
            p.topic AS topic, p.partition AS partition,
            argMax(p.offset, p.at) AS offset, argMax(p.lag, p.at) AS lag,
            argMax(p.stored_until, p.at) AS until, max(p.at) AS at
        FROM ingest_progress_v1 AS p
        GROUP BY p.topic, p.partition
        HAVING until < ${retiredUntil})`;
