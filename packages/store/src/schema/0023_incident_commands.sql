-- What people ask for. The alerter that writes the incident answers in its log, so nothing here is ever changed.
CREATE TABLE IF NOT EXISTS incident_commands_v1
(
    command_id String COMMENT 'id of the wish; the same for every attempt at it',
    incident_id String COMMENT 'incident',
    at DateTime64(3, 'UTC') COMMENT 'when the person asked',
    by String COMMENT 'who asked, such as slack:U0123',
    kind LowCardinality(String) COMMENT 'acknowledge, snooze, resolve, stop, approve, cancel or undo',
    data String COMMENT 'the rest of the command as JSON' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (toDate(at), command_id)
SETTINGS non_replicated_deduplication_window = 10000
COMMENT 'Commands of people on their way to the writer of their incident'
