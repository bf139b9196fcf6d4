-- A shard may change its owner while the one before is paused and does not know. Each claim has an epoch, progress is kept
-- by epoch, and that of the highest counts: what an owner of the past writes late changes nothing.
ALTER TABLE detector_progress_v1
    ADD COLUMN IF NOT EXISTS epoch UInt64 COMMENT 'claim under which this was written; of a shard the highest counts',
    ADD COLUMN IF NOT EXISTS started_from DateTime64(3, 'UTC') COMMENT 'frontier from which this claim went on; what earlier claims learned beyond it does not count',
    MODIFY ORDER BY (shard, epoch)
