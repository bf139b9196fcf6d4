CREATE OR REPLACE VIEW endpoint_use
(
    key_id String COMMENT 'public id of the key',
    method String COMMENT 'HTTP method',
    route String COMMENT 'route template',
    account_id String COMMENT 'account of the key',
    app_id String COMMENT 'application of the key',
    first_accepted_at Nullable(DateTime64(3, 'UTC')) COMMENT 'first request that was let through',
    last_accepted_at Nullable(DateTime64(3, 'UTC')) COMMENT 'last request that was let through',
    first_refused_at Nullable(DateTime64(3, 'UTC')) COMMENT 'first request that was not let through',
    last_refused_at Nullable(DateTime64(3, 'UTC')) COMMENT 'last request that was not let through'
)
AS SELECT
    key_id, method, route, anyLast(u.account_id) AS account_id, anyLast(u.app_id) AS app_id,
    min(u.first_accepted_at) AS first_accepted_at, max(u.last_accepted_at) AS last_accepted_at,
    min(u.first_refused_at) AS first_refused_at, max(u.last_refused_at) AS last_refused_at
FROM endpoint_use_v1 AS u
GROUP BY key_id, method, route
COMMENT 'When each key used each endpoint first and last; kept for ever'
