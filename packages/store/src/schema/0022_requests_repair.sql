-- One copy of each row that is doubled in raw, kept here while the doubled ones are deleted: a repair that is killed
-- in between finds them again.
CREATE TABLE IF NOT EXISTS requests_repair_v1 AS requests_raw_v1
ENGINE = MergeTree
ORDER BY (key_id, ts)
COMMENT 'Rows on their way through a repair of raw; empty when none is under way'
