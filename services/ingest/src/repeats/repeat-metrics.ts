import type { Metrics } from '@tripkey/service-kit';

/** Counts repeats of a topic. */
export function repeatMetrics(metrics: Metrics, topic: string) {
  const labels = ['topic'] as const;
  return {
    repeats: metrics
      .counter(
        'tripkey_ingest_repeats_total',
        'Events that were sent before and count no more; a rise means that a gateway sends again',
        labels,
      )
      .labels(topic),
    asked: metrics
      .counter(
        'tripkey_ingest_repeats_asked_total',
        'Events of which only the store knew whether they are repeats; each is a look-up',
        labels,
      )
      .labels(topic),
  };
}
