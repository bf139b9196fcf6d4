CREATE TABLE IF NOT EXISTS ingest_gaps_v1
(
    topic LowCardinality(String) COMMENT 'stream',
    partition UInt16 COMMENT 'partition',
    from_offset UInt64 COMMENT 'first offset that is missing',
    to_offset UInt64 COMMENT 'first offset that is there again',
    at DateTime64(3, 'UTC') COMMENT 'when it was noticed'
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (topic, partition, from_offset, to_offset)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Events that were gone from the stream before ingest read them: what was judged around that time is incomplete'
