CREATE MATERIALIZED VIEW IF NOT EXISTS endpoint_use_mv_v1 TO endpoint_use_v1 AS
SELECT
    key_id, method, route,
    anyLast(account_id) AS account_id,
    anyLast(app_id) AS app_id,
    minOrNullIf(ts, outcome = 'valid') AS first_accepted_at,
    maxOrNullIf(ts, outcome = 'valid') AS last_accepted_at,
    minOrNullIf(ts, outcome != 'valid') AS first_refused_at,
    maxOrNullIf(ts, outcome != 'valid') AS last_refused_at
FROM requests_raw_v1
GROUP BY key_id, method, route
