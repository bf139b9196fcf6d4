-- A token's secret is nowhere: only its hash. The newest version of a row counts.
CREATE TABLE IF NOT EXISTS api_tokens_v1
(
    token_id String COMMENT 'token',
    version DateTime64(3, 'UTC') COMMENT 'when this was written',
    kind LowCardinality(String) COMMENT 'token, or link: one that signs in once',
    name String COMMENT 'what people call it',
    scopes Array(LowCardinality(String)) COMMENT 'what it may do',
    hash String COMMENT 'SHA-256 of its secret, hexadecimal',
    old_hash String COMMENT 'SHA-256 of the secret before, empty when it was never rotated',
    old_until DateTime64(3, 'UTC') COMMENT 'until then the secret before still works',
    created_at DateTime64(3, 'UTC') COMMENT 'when it was made',
    created_by String COMMENT 'who made it',
    expires_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it ends by itself',
    revoked_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when somebody ended it'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY token_id
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Tokens of the API'
