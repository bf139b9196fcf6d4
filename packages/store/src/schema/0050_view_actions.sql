CREATE OR REPLACE VIEW actions
(
    operation_id String COMMENT 'operation',
    incident_id String COMMENT 'incident that led to it',
    action String COMMENT 'disable or enable',
    key_id String COMMENT 'key that it is about',
    issuer String COMMENT 'configured issuer of the key',
    state String COMMENT 'proposed, approved, executing, state_confirmed, traffic_confirmed, not_effective, refused, failed, expired or cancelled',
    state_at DateTime64(3, 'UTC') COMMENT 'when it came into this state',
    reason String COMMENT 'why it was proposed',
    failure String COMMENT 'why it was refused, failed or expired; empty otherwise',
    proposed_at DateTime64(3, 'UTC') COMMENT 'when it was proposed',
    proposed_by String COMMENT 'who proposed it, empty for the policy',
    approved_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it was approved',
    approved_by String COMMENT 'who had the last word, policy for what needs nobody',
    stopped_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when the issuer confirmed the state of the key',
    proven_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when the traffic proved that nothing is accepted any more',
    accepted_after UInt64 COMMENT 'requests accepted after the stop, when it was not effective'
)
AS SELECT
    JSONExtractString(data, 'operation_id') AS operation_id,
    any(e.incident_id) AS incident_id,
    anyIf(JSONExtractString(data, 'action'), kind = 'operation_proposed') AS action,
    anyIf(JSONExtractString(data, 'key_id'), kind = 'operation_proposed') AS key_id,
    anyIf(JSONExtractString(data, 'issuer'), kind = 'operation_proposed') AS issuer,
    argMaxIf(substring(kind, length('operation_') + 1), seq, kind != 'operation_agreed') AS state,
    argMaxIf(e.at, seq, kind != 'operation_agreed') AS state_at,
    anyIf(JSONExtractString(data, 'reason'), kind = 'operation_proposed') AS reason,
    argMaxIf(JSONExtractString(data, 'reason'), seq, kind IN ('operation_refused', 'operation_failed', 'operation_expired')) AS failure,
    minIf(e.at, kind = 'operation_proposed') AS proposed_at,
    anyIf(JSONExtractString(data, 'by'), kind = 'operation_proposed') AS proposed_by,
    minOrNullIf(e.at, kind = 'operation_approved') AS approved_at,
    argMaxIf(JSONExtractString(data, 'by'), seq, kind = 'operation_approved') AS approved_by,
    maxOrNullIf(e.at, kind = 'operation_state_confirmed') AS stopped_at,
    maxOrNullIf(e.at, kind = 'operation_traffic_confirmed') AS proven_at,
    maxIf(JSONExtractUInt(data, 'accepted'), kind = 'operation_not_effective') AS accepted_after
FROM incident_events_v1 AS e
WHERE startsWith(kind, 'operation_')
GROUP BY operation_id
COMMENT 'What was proposed and done to keys; one row an operation'
