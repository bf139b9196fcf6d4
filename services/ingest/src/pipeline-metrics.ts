import type { Metrics } from '@tripkey/service-kit';

/** Counters of the pipeline, looked up once: it counts on the hot path. */
export function pipelineMetrics(metrics: Metrics) {
  const events = metrics.counter(
    'tripkey_ingest_events_total',
    'Elements taken in, by what became of them: accepted, rejected (a rising share means a gateway sends another ' +
      'format), skipped (records of an OTLP export that are no request to a server)',
    ['result'],
  );
  const deadLetters = metrics.counter(
    'tripkey_deadletter_total',
    'Elements that could not be used, by reason; look into dead_letters_v1',
    ['reason'],
  );
  const repairs = metrics.counter(
    'tripkey_ingest_repaired_total',
    'Fields that were odd and replaced: ts_clamped (a clock is ahead), client_ip (not an address), route_overflow ' +
      '(a service has more routes than it may: ids that templates do not know, or a scanner)',
    ['what'],
  );
  const secrets = metrics.counter(
    'tripkey_ingest_secrets_total',
    'Values that looked like secrets and were replaced; any rise means a gateway leaks keys',
    ['field', 'kind'],
  );
  return {
    accepted: events.labels('accepted'),
    rejected: events.labels('rejected'),
    skipped: events.labels('skipped'),
    tsClamped: repairs.labels('ts_clamped'),
    clientIp: repairs.labels('client_ip'),
    routeOverflow: repairs.labels('route_overflow'),
    deadLetter: (reason: string) => deadLetters.labels(reason).inc(),
    secret: (field: string, kind: string) => secrets.labels(field, kind).inc(),
  };
}
