/** Views that stay the same over releases. */
export const stableViews: readonly string[] = [
  'usage',
  'keys',
  'findings',
  'incidents',
  'actions',
  'endpoint_use',
  'gateway_runs',
];

/** What analysts may read, and nothing else of ours: the gate and, on a server, infra/clickhouse/roles.sql hold to it. */
export const tablesForAnalysts: readonly string[] = [
  ...stableViews,
  'requests_raw_v1',
  'usage_per_minute_v1',
  'keys_v1',
  'findings_v1',
  'incident_events_v1',
  'endpoint_use_v1',
  'gateway_heartbeats_v1',
];
