-- Up to here the view of endpoint_use_v1, which is dropped next, has seen everything: what every partition had stored.
-- Ten minutes earlier for one that has not told of itself yet; what is folded twice changes nothing.
INSERT INTO rollup_progress_v1
SELECT
    'endpoint_use' AS rollup,
    if(count() = 0, toDateTime64(0, 3, 'UTC'), min(until) - INTERVAL 10 MINUTE) AS folded_until,
    now64(3, 'UTC') AS at
FROM (SELECT argMax(stored_until, at) AS until FROM ingest_progress_v1 GROUP BY topic, partition)
