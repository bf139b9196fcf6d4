-- Every line holds the hash of the line before it in its chain, and a chain begins with the heads of the others, so
-- that no line can be changed or taken out without `tripkey audit verify` noticing. A chain has one writer.
CREATE TABLE IF NOT EXISTS audit_v1
(
    chain String COMMENT 'the writer that made the line; one chain for each start of a process',
    seq UInt64 COMMENT 'running number in the chain, from 1',
    at DateTime64(3, 'UTC') COMMENT 'when it was written',
    kind LowCardinality(String) COMMENT 'what happened',
    actor String COMMENT 'who did it: policy, system, or a person such as slack:U0123',
    incident_id String COMMENT 'incident, empty when there is none',
    incident_seq UInt32 COMMENT 'the entry of incident_events_v1 that is recorded, 0 when there is none',
    data String COMMENT 'what happened as JSON; never a secret' CODEC(ZSTD(1)),
    prev_hash FixedString(64) COMMENT 'hash of the line before, zeros for the first',
    hash FixedString(64) COMMENT 'SHA-256 of prev_hash and all of the above, hexadecimal'
)
ENGINE = ReplacingMergeTree
ORDER BY (chain, seq)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Who did what, in hash chains; kept for ever'
