-- The newest version of a silence counts; one that is ended early gets a version with an earlier end.
CREATE TABLE IF NOT EXISTS silences_v1
(
    silence_id String COMMENT 'silence',
    version DateTime64(3, 'UTC') COMMENT 'when this was written',
    created_at DateTime64(3, 'UTC') COMMENT 'when it was made',
    until DateTime64(3, 'UTC') COMMENT 'from then on it hides nothing',
    by String COMMENT 'who made it',
    reason String COMMENT 'why',
    key_id String COMMENT 'key that it is about, empty for any',
    account_id String COMMENT 'account that it is about, empty for any',
    rule_id String COMMENT 'rule that it is about, empty for any'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY silence_id
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'What people do not want to be told of for a while; findings and incidents are kept all the same'
