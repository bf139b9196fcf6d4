-- Every turn of the switch is kept; the newest counts. Read before each stop that no person ordered.
CREATE TABLE IF NOT EXISTS kill_switch_v1
(
    at DateTime64(3, 'UTC') COMMENT 'when it was turned',
    is_on UInt8 COMMENT '1: nothing is stopped without a person',
    by String COMMENT 'who turned it, such as cli:alice',
    reason String COMMENT 'why'
)
ENGINE = MergeTree
ORDER BY at
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Kill switch of automatic response; kept for ever'
