-- What the view has seen meanwhile is counted twice, which changes nothing.
INSERT INTO key_use_v1
SELECT
    key_id, anyLast(u.account_id), anyLast(u.app_id), min(u.first_accepted_at), max(u.last_accepted_at),
    min(u.first_refused_at), max(u.last_refused_at)
FROM endpoint_use_v1 AS u
GROUP BY key_id
