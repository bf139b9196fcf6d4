-- Append-only: everything the alerter knows is the fold of these rows, so it can be killed at any point.
CREATE TABLE IF NOT EXISTS incident_events_v1
(
    incident_id String COMMENT 'incident',
    seq UInt32 COMMENT 'running number in the incident, from 1',
    at DateTime64(3, 'UTC') COMMENT 'when it happened',
    kind LowCardinality(String) COMMENT 'what happened',
    subject_kind LowCardinality(String) COMMENT 'key, source, gateway, app or fleet',
    subject_id String COMMENT 'id of the subject',
    data String COMMENT 'the event as JSON, its shape is given by kind' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (incident_id, seq)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Log of every incident: findings, messages, people, operations, proofs'
