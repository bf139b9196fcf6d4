INSERT INTO endpoint_use_v1
SELECT
    key_id, method, route,
    anyLast(account_id), anyLast(app_id),
    minOrNullIf(ts, outcome = 'valid'), maxOrNullIf(ts, outcome = 'valid'),
    minOrNullIf(ts, outcome != 'valid'), maxOrNullIf(ts, outcome != 'valid')
FROM requests_raw_v1
GROUP BY key_id, method, route
SETTINGS max_bytes_before_external_group_by = 1000000000
