CREATE TABLE IF NOT EXISTS schema_migrations_v1
(
    number UInt32 COMMENT 'number of the migration file',
    name String COMMENT 'file name without number and extension',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'when it was applied'
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY number
COMMENT 'Which migrations this database has had'
