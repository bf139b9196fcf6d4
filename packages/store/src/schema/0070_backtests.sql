-- The newest version of a row counts. While a backtest runs a version is written every few seconds, so that one whose
-- process has ended is noticed.
CREATE TABLE IF NOT EXISTS backtests_v1
(
    backtest_id String COMMENT 'backtest',
    version DateTime64(3, 'UTC') COMMENT 'when this was written',
    state LowCardinality(String) COMMENT 'waiting, running, done, failed or cancelled',
    progress Float64 COMMENT 'share of the time that is judged, 0 to 1',
    by String COMMENT 'who wanted it',
    created_at DateTime64(3, 'UTC') COMMENT 'when it was asked for',
    finished_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it ended',
    request String COMMENT 'what was asked for, JSON',
    failure String COMMENT 'why it failed, empty otherwise',
    result String COMMENT 'what it found, JSON; empty until it is done' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY backtest_id
COMMENT 'Rules tried on stored history with other parameters'
