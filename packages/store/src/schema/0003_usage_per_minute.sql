-- A target of a view keeps its own deduplication window: without it a redelivered batch is counted twice here.
-- Rows are kept apart by source: a partition has one writer at a time, which can therefore compare its own rows with
-- raw and correct them while all other partitions go on. Events keyed by key_id, as usual, make no more rows so.
CREATE TABLE IF NOT EXISTS usage_per_minute_v1
(
    minute DateTime('UTC') COMMENT 'start of the minute, event time' CODEC(Delta(4), ZSTD(1)),
    key_id String COMMENT 'public id of the key' CODEC(ZSTD(1)),
    source LowCardinality(String) COMMENT 'stream and partition that the events came by, topic/partition',
    account_id SimpleAggregateFunction(anyLast, String) COMMENT 'account of the key' CODEC(ZSTD(1)),
    app_id SimpleAggregateFunction(anyLast, String) COMMENT 'application of the key' CODEC(ZSTD(1)),
    requests SimpleAggregateFunction(sum, UInt64) COMMENT 'requests',
    accepted SimpleAggregateFunction(sum, UInt64) COMMENT 'requests with outcome valid',
    denied SimpleAggregateFunction(sum, UInt64) COMMENT 'status 401 or 403',
    rate_limited SimpleAggregateFunction(sum, UInt64) COMMENT 'status 429',
    errors_4xx SimpleAggregateFunction(sum, UInt64) COMMENT 'status 400 to 499',
    errors_5xx SimpleAggregateFunction(sum, UInt64) COMMENT 'status 500 to 599',
    bytes_in SimpleAggregateFunction(sum, UInt64) COMMENT 'bytes received',
    bytes_out SimpleAggregateFunction(sum, UInt64) COMMENT 'bytes sent'
)
ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute)
ORDER BY (key_id, minute, source)
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1
COMMENT 'Requests a key, minute and source; the view usage sums over sources'
