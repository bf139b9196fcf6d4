-- Counts run from started_at, so the last heartbeat of a run says all that those before it said.
CREATE TABLE IF NOT EXISTS gateway_heartbeats_v1
(
    gateway String COMMENT 'gateway instance, as in its events',
    started_at DateTime64(3, 'UTC') COMMENT 'when this run of its emitter began, on its own clock',
    sent_at DateTime64(3, 'UTC') COMMENT 'when the heartbeat was made, on its own clock; the latest of a run counts',
    heard_at DateTime64(3, 'UTC') COMMENT 'when the heartbeat came, on our clock',
    every_s Float32 COMMENT 'how often one comes, seconds',
    ended UInt8 COMMENT '1: the emitter was closed, no other follows',
    emitted UInt64 COMMENT 'events that it was given since started_at',
    sent UInt64 COMMENT 'events that are safely with somebody else',
    waiting UInt64 COMMENT 'events that wait or are under way',
    retries UInt64 COMMENT 'attempts to send that failed',
    dropped Map(LowCardinality(String), UInt64) COMMENT 'events that were lost, by reason; reasons without any are left out',
    emitter String COMMENT 'name and version of what emits, empty when it does not say'
)
ENGINE = ReplacingMergeTree(sent_at)
ORDER BY (gateway, started_at)
TTL toDateTime(heard_at) + INTERVAL 30 DAY
COMMENT 'The last heartbeat of each run of each gateway'
