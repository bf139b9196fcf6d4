CREATE OR REPLACE VIEW leak_reports
(
    reported_at DateTime64(3, 'UTC') COMMENT 'when it came the first time',
    feed LowCardinality(String) COMMENT 'github, gitguardian or trufflehog',
    fingerprint String COMMENT 'keyed hash of the reported secret, never the secret',
    secret_type String COMMENT 'what the feed takes it for',
    place String COMMENT 'where it was found, without secrets; text of strangers',
    key_id String COMMENT 'key whose secret it is, empty when no known key has it',
    finding_id String COMMENT 'finding that told of it, empty when none did'
)
AS SELECT reported_at, feed, fingerprint, secret_type, place, key_id, finding_id
FROM leak_reports_v1 FINAL
COMMENT 'Secrets that leak feeds reported; those without key_id belong to no known key'
