import type { Metrics } from '@tripkey/service-kit';

const secondsBuckets = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];

/** What a consumer shows of itself. */
export function consumeMetrics(metrics: Metrics, topic: string) {
  const labels = ['topic'] as const;
  return {
    lagSeconds: metrics
      .gauge(
        'tripkey_ingest_lag_seconds',
        'Age of the oldest record that was taken in and is not stored; a rise means the store cannot keep up',
        labels,
      )
      .labels(topic),
    batchSeconds: metrics
      .histogram(
        'tripkey_ingest_batch_seconds',
        'From the first record of a batch to its commit',
        secondsBuckets,
        labels,
      )
      .labels(topic),
    insertSeconds: metrics
      .histogram('tripkey_clickhouse_insert_seconds', 'One insert that succeeded', secondsBuckets, labels)
      .labels(topic),
    retries: metrics
      .counter(
        'tripkey_ingest_retries_total',
        'Attempts to insert, dead-letter or commit that failed and were made again; look at the log',
        labels,
      )
      .labels(topic),
    settled: metrics
      .counter(
        'tripkey_ingest_settled_batches_total',
        'Batches compared with what is stored, after a crash of the engine or when offsets were set back',
        labels,
      )
      .labels(topic),
    lost: metrics
      .counter(
        'tripkey_ingest_lost_offsets_total',
        'Offsets that were gone from the topic before they were read; see ingest_gaps_v1, and raise its retention',
        labels,
      )
      .labels(topic),
    bufferedBytes: metrics
      .gauge('tripkey_ingest_buffered_bytes', 'Taken in and not stored yet', labels)
      .labels(topic),
    pausedPartitions: metrics
      .gauge(
        'tripkey_ingest_paused_partitions',
        'Partitions that wait because their buffer is full; above zero for long: the store is down or too slow',
        labels,
      )
      .labels(topic),
    repeated: metrics
      .counter(
        'tripkey_ingest_repeated_total',
        'Records dropped because they lie below what is stored; normal after a restart',
        labels,
      )
      .labels(topic),
    leasesLost: metrics
      .counter(
        'tripkey_ingest_leases_lost_total',
        'Partitions moved away with batches on their way; those are read again by their new owner',
        labels,
      )
      .labels(topic),
  };
}
export type ConsumeMetrics = ReturnType<typeof consumeMetrics>;
