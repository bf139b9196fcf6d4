-- A save of the detector is many rows, and counts once the frontier behind it is written. Until then the profile of the
-- save before must stay readable, so a subject has two slots, and a save writes into the one that does not count.
CREATE TABLE IF NOT EXISTS profiles_v2
(
    shard UInt16 COMMENT 'detector shard that owns the subject',
    subject String COMMENT 'kind:id of whom the profile describes',
    slot UInt8 COMMENT '0 or 1; the newest slot that is not ahead of the frontier counts',
    generation UInt64 COMMENT 'running number of the save that wrote it; of one slot the highest counts',
    learned_until DateTime64(3, 'UTC') COMMENT 'arrivals before this time are in the profile',
    profile String COMMENT 'what was learned, JSON' CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(generation)
ORDER BY (shard, subject, slot)
COMMENT 'Learned behaviour, one or two rows a subject'
