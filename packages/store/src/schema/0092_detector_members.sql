-- Dated by the server, so that clocks of detectors do not matter.
CREATE TABLE IF NOT EXISTS detector_members_v1
(
    member String COMMENT 'name of a detector process',
    shards UInt16 COMMENT 'number of shards it is configured for; others are not its fellows',
    leaving UInt8 COMMENT '1: it ended and takes no part any more',
    seen_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'when it was there last'
)
ENGINE = ReplacingMergeTree(seen_at)
ORDER BY member
TTL toDateTime(seen_at) + INTERVAL 1 DAY
COMMENT 'Detectors that are there; one that was not seen for the time of a lease is taken for dead'
