CREATE OR REPLACE VIEW usage
(
    minute DateTime('UTC') COMMENT 'start of the minute, event time',
    key_id String COMMENT 'public id of the key',
    account_id String COMMENT 'account of the key',
    app_id String COMMENT 'application of the key',
    requests UInt64 COMMENT 'requests',
    accepted UInt64 COMMENT 'requests with outcome valid',
    denied UInt64 COMMENT 'status 401 or 403',
    rate_limited UInt64 COMMENT 'status 429',
    errors_4xx UInt64 COMMENT 'status 400 to 499',
    errors_5xx UInt64 COMMENT 'status 500 to 599',
    bytes_in UInt64 COMMENT 'bytes received',
    bytes_out UInt64 COMMENT 'bytes sent'
)
AS SELECT
    minute, key_id, any(u.account_id) AS account_id, any(u.app_id) AS app_id,
    sum(u.requests) AS requests, sum(u.accepted) AS accepted, sum(u.denied) AS denied,
    sum(u.rate_limited) AS rate_limited, sum(u.errors_4xx) AS errors_4xx, sum(u.errors_5xx) AS errors_5xx,
    sum(u.bytes_in) AS bytes_in, sum(u.bytes_out) AS bytes_out
FROM usage_per_minute_v1 AS u
GROUP BY key_id, minute
COMMENT 'Requests a key and minute'
