-- The truth: every accepted event, with its position in the stream. Rollups can be made again from it.
-- Sorted by key first, because analysts and baselines ask about one key; the detector asks for what arrived last,
-- which sits in the newest parts and is pruned there by the minmax index on arrived_at.
-- High-cardinality ids are plain String: LowCardinality costs more there than it saves.
CREATE TABLE IF NOT EXISTS requests_raw_v1
(
    ts DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)) COMMENT 'event time, ms',
    event_id String CODEC(ZSTD(1)) COMMENT 'id given by the gateway, else topic/partition/offset/index; a retry repeats it',
    key_id String CODEC(ZSTD(1)) COMMENT 'public id of the key as used; never a secret',
    account_id String CODEC(ZSTD(1)) COMMENT 'account of the key',
    app_id String CODEC(ZSTD(1)) COMMENT 'application of the key',
    method LowCardinality(String) COMMENT 'HTTP method',
    route LowCardinality(String) COMMENT 'route template',
    path String CODEC(ZSTD(1)) COMMENT 'request path without query',
    status UInt16 CODEC(ZSTD(1)) COMMENT 'HTTP status',
    outcome LowCardinality(String) COMMENT 'what the gateway decided about the key',
    client_ip IPv6 CODEC(ZSTD(1)) COMMENT 'client address; IPv4 as ::ffff:a.b.c.d, :: when not told',
    network String CODEC(ZSTD(1)) COMMENT 'client network, /24 or /48',
    asn UInt32 CODEC(ZSTD(1)) COMMENT 'autonomous system number, 0 unknown',
    country LowCardinality(String) COMMENT 'ISO 3166 alpha-2, empty unknown',
    user_agent String CODEC(ZSTD(1)) COMMENT 'agent as sent; attacker-controlled',
    agent_family LowCardinality(String) COMMENT 'product name of the agent without version',
    bytes_in UInt64 CODEC(ZSTD(1)) COMMENT 'request size, bytes',
    bytes_out UInt64 CODEC(ZSTD(1)) COMMENT 'response size, bytes',
    latency_ms Float32 CODEC(ZSTD(1)) COMMENT 'latency, ms',
    cost Float64 CODEC(ZSTD(1)) COMMENT 'credits used',
    gateway LowCardinality(String) COMMENT 'gateway instance',
    gateway_seq UInt64 CODEC(Delta(8), ZSTD(1)) COMMENT 'running number of the gateway instance, 0 not told',
    trace_id String CODEC(ZSTD(1)) COMMENT 'trace id, empty when not told',
    tags Map(LowCardinality(String), String) CODEC(ZSTD(1)) COMMENT 'tags as sent',
    arrived_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)) COMMENT 'when ingest took it in, ms; grows along a partition',
    _topic LowCardinality(String) COMMENT 'stream it came by',
    _partition UInt16 CODEC(ZSTD(1)) COMMENT 'partition of that stream',
    _offset UInt64 CODEC(Delta(8), ZSTD(1)) COMMENT 'offset in that partition',
    _idx UInt32 CODEC(ZSTD(1)) COMMENT 'index in the message, from 0',
    INDEX arrived arrived_at TYPE minmax GRANULARITY 1,
    INDEX event_ids event_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX ips client_ip TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = MergeTree
PARTITION BY toDate(ts)
ORDER BY (key_id, ts)
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1
COMMENT 'One row a request event'
