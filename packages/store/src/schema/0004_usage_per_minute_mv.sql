CREATE MATERIALIZED VIEW IF NOT EXISTS usage_per_minute_mv_v1 TO usage_per_minute_v1 AS
SELECT
    toStartOfMinute(ts) AS minute,
    key_id,
    concat(_topic, '/', toString(_partition)) AS source,
    anyLast(account_id) AS account_id,
    anyLast(app_id) AS app_id,
    count() AS requests,
    countIf(outcome = 'valid') AS accepted,
    countIf(status IN (401, 403)) AS denied,
    countIf(status = 429) AS rate_limited,
    countIf(status >= 400 AND status < 500) AS errors_4xx,
    countIf(status >= 500) AS errors_5xx,
    sum(bytes_in) AS bytes_in,
    sum(bytes_out) AS bytes_out
FROM requests_raw_v1
WHERE is_repeat = 0
GROUP BY minute, key_id, source
