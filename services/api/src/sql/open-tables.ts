/** Views that stay the same over releases. */
export const stableViews: readonly string[] = [
  'usage',
  'keys',
  'findings',
  'incidents',
  'actions',
  'endpoint_use',
];

/** What analysts may read; infra/clickhouse/roles.sql grants the same on a server. */
export const tablesForAnalysts: readonly string[] = [
  ...stableViews,
  'requests_raw_v1',
  'usage_per_minute_v1',
  'keys_v1',
  'findings_v1',
  'incident_events_v1',
  'endpoint_use_v1',
];

/** Tables with hashes of tokens, sessions and the like: nobody reads them by SQL, not even in the embedded engine. */
export const hiddenTables: readonly string[] = ['api_tokens_v1', 'api_token_use_v1', 'api_sessions_v1'];
