-- First and last times only: they come out the same however often a row is counted, so nothing has to be verified here.
-- Kept for ever, when raw is long gone: what a key never used, and when a grant was used last.
CREATE TABLE IF NOT EXISTS endpoint_use_v1
(
    key_id String COMMENT 'public id of the key',
    method LowCardinality(String) COMMENT 'HTTP method',
    route LowCardinality(String) COMMENT 'route template',
    account_id SimpleAggregateFunction(anyLast, String) COMMENT 'account of the key',
    app_id SimpleAggregateFunction(anyLast, String) COMMENT 'application of the key',
    first_accepted_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))) COMMENT 'first request that was let through',
    last_accepted_at SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))) COMMENT 'last request that was let through',
    first_refused_at SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC'))) COMMENT 'first request that was not let through',
    last_refused_at SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))) COMMENT 'last request that was not let through'
)
ENGINE = AggregatingMergeTree
ORDER BY (key_id, method, route)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'When each key used each endpoint first and last'
