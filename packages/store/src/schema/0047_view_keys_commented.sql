CREATE OR REPLACE VIEW keys
(
    key_id String COMMENT 'public id of the key',
    lineage_id String COMMENT 'identity over rotations; the first key_id',
    account_id String COMMENT 'account of the key',
    app_id String COMMENT 'application of the key',
    name String COMMENT 'name for people',
    owner String COMMENT 'who is told when it is stopped',
    issuer String COMMENT 'configured issuer, empty: the only one',
    scopes Array(String) COMMENT 'granted scopes',
    rate_limit Nullable(Float64) COMMENT 'requests a minute',
    quota Nullable(Float64) COMMENT 'requests a month',
    created_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it was made',
    expires_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it ends by itself',
    rotated_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when a successor took over',
    revoked_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it was stopped',
    status LowCardinality(String) COMMENT 'active, disabled, revoked or expired',
    protected Bool COMMENT 'stopping it needs two people',
    tags Map(LowCardinality(String), String) COMMENT 'tags'
)
AS SELECT
    key_id, lineage_id, account_id, app_id, name, owner, issuer, scopes, rate_limit, quota, created_at, expires_at,
    rotated_at, revoked_at, status, protected, tags
FROM keys_v1 FINAL
COMMENT 'Newest record of every key, as its issuer describes it'
