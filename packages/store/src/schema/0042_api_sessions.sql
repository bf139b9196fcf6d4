CREATE TABLE IF NOT EXISTS api_sessions_v1
(
    session_hash String COMMENT 'SHA-256 of what the cookie holds, hexadecimal',
    version DateTime64(3, 'UTC') COMMENT 'when this was written; the newest counts',
    person String COMMENT 'who it is, such as oidc:…',
    name String COMMENT 'the name that people know them by',
    role LowCardinality(String) COMMENT 'viewer, analyst, responder or admin; empty for a token''s session',
    scopes Array(LowCardinality(String)) COMMENT 'what they may do',
    csrf String COMMENT 'what has to come back with every change',
    created_at DateTime64(3, 'UTC') COMMENT 'when they signed in',
    expires_at DateTime64(3, 'UTC') COMMENT 'when it ends by itself',
    ended_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when they signed out'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY session_hash
TTL toDateTime(expires_at) + INTERVAL 1 DAY
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'People who are signed in'
