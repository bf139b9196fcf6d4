CREATE OR REPLACE VIEW gateway_runs
(
    gateway String COMMENT 'gateway instance, as in its events',
    started_at DateTime64(3, 'UTC') COMMENT 'when this run of its emitter began, on its own clock; the latest is the current one',
    heard_at DateTime64(3, 'UTC') COMMENT 'when its last heartbeat came, on our clock',
    overdue_at Nullable(DateTime64(3, 'UTC')) COMMENT 'without another heartbeat it is overdue from then on; NULL when it was closed',
    emitted UInt64 COMMENT 'events that it was given since started_at',
    sent UInt64 COMMENT 'events that are safely with somebody else',
    waiting UInt64 COMMENT 'events that waited or were under way',
    retries UInt64 COMMENT 'attempts to send that failed',
    dropped Map(LowCardinality(String), UInt64) COMMENT 'events that were lost since started_at, by reason',
    dropped_total UInt64 COMMENT 'events that were lost since started_at',
    emitter String COMMENT 'name and version of what emits, empty when it does not say'
)
AS SELECT
    gateway, started_at, heard_at,
    -- Three in a row are missing, with a minute for their way.
    if(ended, NULL, addMilliseconds(heard_at, toInt64(3000 * every_s) + 60000)) AS overdue_at,
    emitted, sent, waiting, retries, dropped, arraySum(mapValues(dropped)) AS dropped_total, emitter
FROM gateway_heartbeats_v1 FINAL
COMMENT 'What gateways say of themselves, one row a run of a gateway; kept for 30 days'
