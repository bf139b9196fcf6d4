-- The truth: every accepted event, with its position in the stream. Rollups can be made again from it.
-- Sorted by key first, because analysts and baselines ask about one key; the detector asks for what arrived last,
-- which sits in the newest parts and is pruned there by the minmax index on arrived_at.
-- High-cardinality ids are plain String: LowCardinality costs more there than it saves.
CREATE TABLE IF NOT EXISTS requests_raw_v1
(
    ts DateTime64(3, 'UTC') COMMENT 'event time, ms' CODEC(Delta(8), ZSTD(1)),
    event_id String COMMENT 'id given by the gateway, else topic/partition/offset/index; a retry repeats it' CODEC(ZSTD(1)),
    key_id String COMMENT 'public id of the key as used; never a secret' CODEC(ZSTD(1)),
    account_id String COMMENT 'account of the key' CODEC(ZSTD(1)),
    app_id String COMMENT 'application of the key' CODEC(ZSTD(1)),
    method LowCardinality(String) COMMENT 'HTTP method',
    route LowCardinality(String) COMMENT 'route template',
    path String COMMENT 'request path without query' CODEC(ZSTD(1)),
    status UInt16 COMMENT 'HTTP status' CODEC(ZSTD(1)),
    outcome LowCardinality(String) COMMENT 'what the gateway decided about the key',
    client_ip IPv6 COMMENT 'client address; IPv4 as ::ffff:a.b.c.d, :: when not told' CODEC(ZSTD(1)),
    network String COMMENT 'client network, /24 or /48' CODEC(ZSTD(1)),
    asn UInt32 COMMENT 'autonomous system number, 0 unknown' CODEC(ZSTD(1)),
    country LowCardinality(String) COMMENT 'ISO 3166 alpha-2, empty unknown',
    user_agent String COMMENT 'agent as sent; attacker-controlled' CODEC(ZSTD(1)),
    agent_family LowCardinality(String) COMMENT 'product name of the agent without version',
    bytes_in UInt64 COMMENT 'request size, bytes' CODEC(ZSTD(1)),
    bytes_out UInt64 COMMENT 'response size, bytes' CODEC(ZSTD(1)),
    latency_ms Float32 COMMENT 'latency, ms' CODEC(ZSTD(1)),
    cost Float64 COMMENT 'credits used' CODEC(ZSTD(1)),
    gateway LowCardinality(String) COMMENT 'gateway instance',
    gateway_seq UInt64 COMMENT 'running number of the gateway instance, 0 not told' CODEC(Delta(8), ZSTD(1)),
    trace_id String COMMENT 'trace id, empty when not told' CODEC(ZSTD(1)),
    tags Map(LowCardinality(String), String) COMMENT 'tags as sent' CODEC(ZSTD(1)),
    arrived_at DateTime64(3, 'UTC') COMMENT 'when ingest took it in, ms; grows along a partition' CODEC(Delta(8), ZSTD(1)),
    _topic LowCardinality(String) COMMENT 'stream it came by',
    _partition UInt16 COMMENT 'partition of that stream' CODEC(ZSTD(1)),
    _offset UInt64 COMMENT 'offset in that partition' CODEC(Delta(8), ZSTD(1)),
    _idx UInt32 COMMENT 'index in the message, from 0' CODEC(ZSTD(1)),
    is_repeat UInt8 COMMENT '1: the same event was sent before and is stored already; nothing counts this row' CODEC(ZSTD(1)),
    INDEX arrived arrived_at TYPE minmax GRANULARITY 1,
    INDEX event_ids event_id TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX ips client_ip TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = MergeTree
PARTITION BY toDate(ts)
ORDER BY (key_id, ts)
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1
COMMENT 'One row a request event'
