-- A lesson is not stored: it follows from an incident that was resolved as a false positive. What is stored is that one
-- does not hold any more.
CREATE TABLE IF NOT EXISTS lessons_withdrawn_v1
(
    incident_id String COMMENT 'incident whose lesson was withdrawn',
    at DateTime64(3, 'UTC') COMMENT 'from then on it does not hold',
    by String COMMENT 'who withdrew it',
    reason String COMMENT 'why'
)
ENGINE = ReplacingMergeTree(at)
ORDER BY incident_id
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'False positives that teach their keys nothing any more'
