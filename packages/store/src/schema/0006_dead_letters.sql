CREATE TABLE IF NOT EXISTS dead_letters_v1
(
    at DateTime64(3, 'UTC') COMMENT 'when it was rejected',
    reason LowCardinality(String) COMMENT 'code from the closed list of rejection reasons',
    detail String COMMENT 'what was wrong, without values' CODEC(ZSTD(1)),
    original String COMMENT 'the element, redacted' CODEC(ZSTD(1)),
    _topic LowCardinality(String) COMMENT 'stream it came by',
    _partition UInt16 COMMENT 'partition of that stream',
    _offset UInt64 COMMENT 'offset in that partition',
    _idx UInt32 COMMENT 'index in the message, from 0'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (at, _topic, _partition, _offset, _idx)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Events that could not be used'
