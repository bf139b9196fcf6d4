/**
 * Progress of each shard under the claim that counts, as a part of questions: shard, frontier, published_until, at. Shards of a
 * count that is not in use any more are left out; the number of a shard says what count it belongs to.
 */
export const detectorShardsNow = `(
        SELECT
            d.shard AS shard, argMax(d.frontier, (d.epoch, d.at)) AS frontier,
            argMax(d.published_until, (d.epoch, d.at)) AS published_until,
            argMax(d.at, (d.epoch, d.at)) AS at
        FROM detector_progress_v1 AS d
        WHERE intDiv(d.shard, 256) = (SELECT argMax(intDiv(n.shard, 256), n.at) FROM detector_progress_v1 AS n)
        GROUP BY d.shard)`;
