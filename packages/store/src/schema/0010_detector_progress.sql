CREATE TABLE IF NOT EXISTS detector_progress_v1
(
    shard UInt16 COMMENT 'detector shard',
    frontier DateTime64(3, 'UTC') COMMENT 'arrivals before this time were judged and learned, profiles are saved',
    published_until DateTime64(3, 'UTC') COMMENT 'findings detected before this time are on the findings topic',
    at DateTime64(3, 'UTC') COMMENT 'when this was written'
)
ENGINE = ReplacingMergeTree(at)
ORDER BY shard
COMMENT 'Where a restarted detector goes on'
