CREATE TABLE IF NOT EXISTS ingest_progress_v1
(
    topic LowCardinality(String) COMMENT 'stream',
    partition UInt16 COMMENT 'partition',
    offset UInt64 COMMENT 'everything below it is stored',
    stored_until DateTime64(3, 'UTC') COMMENT 'every event of this partition that arrived before this time is stored',
    lag UInt64 COMMENT 'records behind the end of the partition when written',
    at DateTime64(3, 'UTC') COMMENT 'when this was written'
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (topic, partition)
COMMENT 'How far ingest is; the detector judges only what lies before every stored_until'
