import type { Metrics } from '@tripkey/service-kit';
import { askStore } from './repeat-marker.ts';

/**
 * Counts repeats of a topic. The function that is returned takes the lines of a batch as they were marked and as they
 * were decided.
 */
export function repeatMetrics(metrics: Metrics, topic: string) {
  const labels = ['topic'] as const;
  const repeats = metrics
    .counter(
      'tripkey_ingest_repeats_total',
      'Events that were sent before and count no more; a rise means that a gateway sends again',
      labels,
    )
    .labels(topic);
  const asked = metrics
    .counter(
      'tripkey_ingest_repeats_asked_total',
      'Events of which only the store knew whether they are repeats; each is a look-up',
      labels,
    )
    .labels(topic);
  return (marked: readonly string[], decided: readonly string[]): void => {
    repeats.inc(countEnding(decided, ',1]'));
    if (decided !== marked) asked.inc(countEnding(marked, `,${askStore}]`));
  };
}

function countEnding(lines: readonly string[], end: string): number {
  let count = 0;
  for (const line of lines) if (line.endsWith(end)) count++;
  return count;
}
