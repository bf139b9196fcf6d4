-- One row a report, kept for ever: a feed that reports the same again gets the same answer and changes nothing.
CREATE TABLE IF NOT EXISTS leak_reports_v1
(
    report_id FixedString(32) COMMENT 'hash of feed, fingerprint, place and key',
    reported_at DateTime64(3, 'UTC') COMMENT 'when it came the first time',
    feed LowCardinality(String) COMMENT 'github, gitguardian or trufflehog',
    fingerprint String COMMENT 'keyed hash of the reported secret, never the secret',
    secret_type String COMMENT 'what the feed takes it for',
    place String COMMENT 'where it was found, without secrets; text of strangers',
    key_id String COMMENT 'key whose secret it is, empty when no known key has it',
    finding_id String COMMENT 'finding that told of it, empty when none did'
)
ENGINE = ReplacingMergeTree
ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Secrets that leak feeds reported'
