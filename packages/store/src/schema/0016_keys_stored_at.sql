-- Who holds the records in memory asks for what was stored since: a record may come late, with a version that is older
-- than others that were read long ago.
ALTER TABLE keys_v1
    ADD COLUMN IF NOT EXISTS stored_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'when this record was stored'
