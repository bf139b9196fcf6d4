CREATE TABLE IF NOT EXISTS profiles_v1
(
    shard UInt16 COMMENT 'detector shard that owns the subject',
    subject String COMMENT 'kind:id of whom the profile describes',
    learned_until DateTime64(3, 'UTC') COMMENT 'arrivals before this time are in the profile',
    profile String COMMENT 'what was learned, JSON' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(learned_until)
ORDER BY (shard, subject)
COMMENT 'Learned behaviour, one row a subject'
