CREATE TABLE IF NOT EXISTS findings_v1
(
    finding_id FixedString(32) COMMENT 'hash of rule, subject and window start',
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
    score Float64 COMMENT '-log10 of the tail probability',
    severity LowCardinality(String) COMMENT 'info to critical',
    evidence String COMMENT 'Evidence v1 as JSON' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(window_from)
ORDER BY (subject_kind, subject_id, window_from, rule_id, finding_id)
COMMENT 'What the rules saw; one row a finding, kept for ever'
