CREATE TABLE IF NOT EXISTS detector_claims_v1
(
    shard UInt16 COMMENT 'detector shard',
    epoch UInt64 COMMENT 'grows with each claim; of a shard the highest counts',
    member String COMMENT 'detector that owns it; empty when it was given back',
    claimed_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'when this was stored'
)
ENGINE = ReplacingMergeTree
ORDER BY (shard, epoch, member)
COMMENT 'Which detector judges which shard; rows are only added'
