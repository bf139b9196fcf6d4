-- Rows from before the column would answer with the time of the question; written down, they keep the time of this.
ALTER TABLE keys_v1 MATERIALIZE COLUMN stored_at SETTINGS mutations_sync = 2
