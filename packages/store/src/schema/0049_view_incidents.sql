-- The log of an incident, folded; the alerter's own fold is services/alerter/src/incident/incident.ts, and a test holds
-- the two together. Entries may be there twice until they are merged, so nothing is counted without its number.
CREATE OR REPLACE VIEW incidents
(
    incident_id String COMMENT 'incident',
    state String COMMENT 'open, acknowledged, snoozed or resolved',
    severity String COMMENT 'info, low, medium, high or critical',
    score Float64 COMMENT 'highest risk so far',
    title String COMMENT 'what its worst finding says',
    rules Array(String) COMMENT 'rules that fired',
    subject_kind String COMMENT 'key, source, gateway, app or fleet',
    subject_id String COMMENT 'id of the subject; for a key its lineage',
    key_id String COMMENT 'key that it is about, empty for none',
    account_id String COMMENT 'account of the key',
    app_id String COMMENT 'application of the key',
    opened_at DateTime64(3, 'UTC') COMMENT 'when people were told, or would have been',
    last_finding_at DateTime64(3, 'UTC') COMMENT 'when the newest finding was detected',
    closed_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it was resolved',
    findings UInt64 COMMENT 'findings in it',
    acknowledged_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when somebody said that they look at it',
    acknowledged_by String COMMENT 'who that was, empty for nobody',
    snoozed_until Nullable(DateTime64(3, 'UTC')) COMMENT 'until then somebody looks at it later',
    resolution String COMMENT 'why it was resolved: quiet, false_positive, remediated …; empty while it is open',
    resolved_by String COMMENT 'who resolved it, empty when it became quiet',
    silenced Bool COMMENT 'a silence hid its message',
    told_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when its message was sent'
)
AS SELECT
    incident_id,
    multiIf(resolved_seq > anew_seq, 'resolved', snoozed_until > now64(3), 'snoozed',
        acknowledged_at IS NOT NULL, 'acknowledged', 'open') AS state,
    if(is_critical, 'critical', last_severity) AS severity,
    score, title, rules, subject_kind, subject_id, key_id, account_id, app_id, opened_at, last_finding_at,
    if(resolved_seq > anew_seq, resolved_at, NULL) AS closed_at,
    findings,
    if(acknowledged_seq > 0 AND acknowledged_seq >= anew_seq, last_acknowledged_at, NULL) AS acknowledged_at,
    if(acknowledged_seq > 0 AND acknowledged_seq >= anew_seq, last_acknowledged_by, '') AS acknowledged_by,
    if(snoozed_seq > greatest(anew_seq, snooze_ended_seq), last_snoozed_until, NULL) AS snoozed_until,
    if(resolved_seq > anew_seq, last_resolution, '') AS resolution,
    if(resolved_seq > anew_seq, last_resolved_by, '') AS resolved_by,
    silenced, told_at
FROM
(
    SELECT
        incident_id,
        any(e.subject_kind) AS subject_kind,
        any(e.subject_id) AS subject_id,
        anyIf(JSONExtractString(data, 'key_id'), kind = 'opened') AS key_id,
        anyIf(JSONExtractString(data, 'account_id'), kind = 'opened') AS account_id,
        anyIf(JSONExtractString(data, 'app_id'), kind = 'opened') AS app_id,
        minIf(e.at, kind = 'opened') AS opened_at,
        maxIf(parseDateTime64BestEffortOrZero(JSONExtractString(data, 'finding', 'detected_at'), 3, 'UTC'),
            kind = 'finding_added') AS newest_finding_at,
        if(findings = 0, opened_at, newest_finding_at) AS last_finding_at,
        uniqExactIf(seq, kind = 'finding_added') AS findings,
        maxIf(JSONExtractFloat(data, 'score'), kind IN ('opened', 'finding_added', 'severity_raised')) AS score,
        argMaxIf(if(kind = 'opened', JSONExtractString(data, 'severity'), JSONExtractString(data, 'to')), seq,
            kind IN ('opened', 'severity_raised')) AS last_severity,
        argMaxIf(JSONExtractString(data, 'finding', 'title'),
            (indexOf(['info', 'low', 'medium', 'high', 'critical'], JSONExtractString(data, 'finding', 'severity')),
             JSONExtractFloat(data, 'finding', 'score')), kind = 'finding_added') AS title,
        arraySort(groupUniqArrayIf(JSONExtractString(data, 'finding', 'rule_id'), kind = 'finding_added')) AS rules,
        maxIf(seq, kind IN ('operation_not_effective', 'reopened')) AS anew_seq,
        countIf(kind = 'operation_not_effective' OR (kind = 'escalated' AND JSONExtractString(data, 'by') != '')) > 0
            AS is_critical,
        maxIf(seq, kind = 'resolved') AS resolved_seq,
        argMaxIf(e.at, seq, kind = 'resolved') AS resolved_at,
        argMaxIf(JSONExtractString(data, 'reason'), seq, kind = 'resolved') AS last_resolution,
        argMaxIf(JSONExtractString(data, 'by'), seq, kind = 'resolved') AS last_resolved_by,
        maxIf(seq, kind IN ('acknowledged', 'reopened')) AS acknowledged_seq,
        argMaxIf(e.at, seq, kind IN ('acknowledged', 'reopened')) AS last_acknowledged_at,
        argMaxIf(JSONExtractString(data, 'by'), seq, kind IN ('acknowledged', 'reopened')) AS last_acknowledged_by,
        maxIf(seq, kind = 'snoozed') AS snoozed_seq,
        maxIf(seq, kind = 'snooze_ended') AS snooze_ended_seq,
        argMaxIf(fromUnixTimestamp64Milli(JSONExtractInt(data, 'until'), 'UTC'), seq, kind = 'snoozed') AS last_snoozed_until,
        countIf(kind = 'silenced') > 0 AS silenced,
        minOrNullIf(e.at, kind = 'message_sent') AS told_at
    FROM incident_events_v1 AS e
    WHERE kind NOT IN ('message_sending', 'message_updated', 'message_unknown', 'message_returned', 'message_failed')
    GROUP BY incident_id
    HAVING countIf(kind = 'opened') > 0
)
COMMENT 'Findings of one subject put together, as they stand now; one row an incident'
