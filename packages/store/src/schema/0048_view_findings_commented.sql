CREATE OR REPLACE VIEW findings
(
    finding_id String COMMENT 'hash of rule, subject and window start',
    rule_id LowCardinality(String) COMMENT 'rule that fired',
    rule_version UInt32 COMMENT 'its version',
    title String COMMENT 'what happened, one clause',
    subject_kind LowCardinality(String) COMMENT 'key, source, gateway, app or fleet',
    subject_id String COMMENT 'id of the subject; for a key its lineage',
    key_id String COMMENT 'key as used, empty when the subject is not a key',
    account_id String COMMENT 'account of the key',
    app_id String COMMENT 'application of the key',
    window_from DateTime64(3, 'UTC') COMMENT 'start of the judged window, event time',
    window_to DateTime64(3, 'UTC') COMMENT 'end of the judged window, event time',
    detected_at DateTime64(3, 'UTC') COMMENT 'when the detector knew',
    score Float64 COMMENT '-log10 of the tail probability: 3 means one in a thousand',
    severity LowCardinality(String) COMMENT 'info, low, medium, high or critical',
    evidence String COMMENT 'what was observed and expected, as JSON'
)
AS SELECT
    toString(f.finding_id) AS finding_id, rule_id, rule_version, title, subject_kind, subject_id, key_id, account_id,
    app_id, window_from, window_to, detected_at, score, severity, evidence
FROM findings_v1 AS f FINAL
COMMENT 'What the rules saw; one row a finding'
