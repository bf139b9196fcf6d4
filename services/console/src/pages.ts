import { type AsyncRouteComponent, lazyRouteComponent } from '@tanstack/react-router';

type PageName =
  | 'overview'
  | 'incidents'
  | 'incident'
  | 'keys'
  | 'key'
  | 'endpoints'
  | 'rules'
  | 'rule'
  | 'actions'
  | 'audit'
  | 'leaks'
  | 'pipeline'
  | 'sql'
  | 'tokens';

/**
 * The pages, each in a file of its own that comes when it is needed. Their type is written down, because the pages ask
 * the router for the types of their addresses: left to be inferred, each would need the other.
 */
export const pages: Readonly<Record<PageName, AsyncRouteComponent<unknown>>> = {
  overview: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
  incidents: lazyRouteComponent(() => import('./pages/incidents/incidents-page.tsx'), 'IncidentsPage'),
  incident: lazyRouteComponent(() => import('./pages/incident/incident-page.tsx'), 'IncidentPage'),
  keys: lazyRouteComponent(() => import('./pages/keys/keys-page.tsx'), 'KeysPage'),
  key: lazyRouteComponent(() => import('./pages/key/key-page.tsx'), 'KeyPage'),
  endpoints: lazyRouteComponent(() => import('./pages/endpoints/endpoints-page.tsx'), 'EndpointsPage'),
  rules: lazyRouteComponent(() => import('./pages/rules/rules-page.tsx'), 'RulesPage'),
  rule: lazyRouteComponent(() => import('./pages/rules/rule-page.tsx'), 'RulePage'),
  actions: lazyRouteComponent(() => import('./pages/actions/actions-page.tsx'), 'ActionsPage'),
  audit: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
  leaks: lazyRouteComponent(() => import('./pages/leaks/leaks-page.tsx'), 'LeaksPage'),
  pipeline: lazyRouteComponent(() => import('./pages/pipeline/pipeline-page.tsx'), 'PipelinePage'),
  sql: lazyRouteComponent(() => import('./pages/sql/sql-page.tsx'), 'SqlPage'),
  tokens: lazyRouteComponent(() => import('./pages/tokens/tokens-page.tsx'), 'TokensPage'),
};
