CREATE OR REPLACE VIEW usage AS
SELECT
    minute, key_id, any(u.account_id) AS account_id, any(u.app_id) AS app_id,
    sum(u.requests) AS requests, sum(u.accepted) AS accepted, sum(u.denied) AS denied,
    sum(u.rate_limited) AS rate_limited, sum(u.errors_4xx) AS errors_4xx, sum(u.errors_5xx) AS errors_5xx,
    sum(u.bytes_in) AS bytes_in, sum(u.bytes_out) AS bytes_out
FROM usage_per_minute_v1 AS u
GROUP BY key_id, minute
COMMENT 'Requests a key and minute'
