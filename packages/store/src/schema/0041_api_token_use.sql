CREATE TABLE IF NOT EXISTS api_token_use_v1
(
    token_id String COMMENT 'token',
    used_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'last use, to the minute'
)
ENGINE = AggregatingMergeTree
ORDER BY token_id
COMMENT 'When tokens were used last'
