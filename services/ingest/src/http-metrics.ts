import type { Metrics } from '@tripkey/service-kit';

/** What the HTTP door shows of itself. */
export function httpMetrics(metrics: Metrics) {
  const requests = metrics.counter(
    'tripkey_ingest_http_requests_total',
    'Posts of events and heartbeats by HTTP status; 429: more than can be stored in time, 503: the store is down',
    ['status'],
  );
  return {
    answered: (status: number) => requests.labels(String(status)).inc(),
    pendingRows: metrics.gauge(
      'tripkey_ingest_http_pending_rows',
      'Rows taken in by HTTP and not stored yet; at its bound senders get 429',
    ),
    otherDoors: metrics.counter(
      'tripkey_ingest_door_conflicts_total',
      'Looks that found another process with the number of this HTTP door; give each its own http.partition',
    ),
    insertSeconds: metrics
      .histogram(
        'tripkey_clickhouse_insert_seconds',
        'One insert that succeeded',
        [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100],
        ['topic'],
      )
      .labels('http'),
  };
}
export type HttpMetrics = ReturnType<typeof httpMetrics>;
