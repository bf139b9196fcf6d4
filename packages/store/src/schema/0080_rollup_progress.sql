CREATE TABLE IF NOT EXISTS rollup_progress_v1
(
    rollup LowCardinality(String) COMMENT 'name of a table that is filled from raw again and again, not by a view',
    folded_until DateTime64(3, 'UTC') COMMENT 'events that arrived before this time are in it',
    at DateTime64(3, 'UTC') COMMENT 'when this was written'
)
ENGINE = ReplacingMergeTree(at)
ORDER BY rollup
COMMENT 'How far the rollups are that are made beside ingest'
