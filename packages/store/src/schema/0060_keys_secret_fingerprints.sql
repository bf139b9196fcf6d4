-- Leak reports are looked up by it.
ALTER TABLE keys_v1
    ADD COLUMN IF NOT EXISTS secret_fingerprints Array(String) COMMENT 'keyed hashes of hashes of the secret, hex'
