import type { Metrics } from '@tripkey/service-kit';

/** What the door for leak reports counts; see each help text for what a rise means. */
export function leakMetrics(metrics: Metrics) {
  return {
    reports: metrics.counter(
      'tripkey_leak_reports_total',
      'Reported secrets: matched to a key, unmatched (of nobody, or a record lacks secret_hashes), repeated',
      ['feed', 'result'],
    ),
    requests: metrics.counter(
      'tripkey_leak_requests_total',
      'Requests of leak feeds; forged, unsigned, out_of_time and unknown_key: somebody else calls, or a secret is set ' +
        'wrong; too_slow: a body that came slowly made room for another; failed: the feed sends it again',
      ['feed', 'result'],
    ),
  };
}
export type LeakMetrics = ReturnType<typeof leakMetrics>;
