CREATE MATERIALIZED VIEW IF NOT EXISTS key_use_mv_v1 TO key_use_v1 AS
SELECT
    key_id,
    anyLast(u.account_id) AS account_id,
    anyLast(u.app_id) AS app_id,
    min(u.first_accepted_at) AS first_accepted_at,
    max(u.last_accepted_at) AS last_accepted_at,
    min(u.first_refused_at) AS first_refused_at,
    max(u.last_refused_at) AS last_refused_at
FROM endpoint_use_v1 AS u
GROUP BY key_id
