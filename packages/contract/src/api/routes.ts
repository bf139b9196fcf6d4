import { auditRoutes } from './audit.ts';
import { budgetRoutes } from './budget.ts';
import { endpointRoutes } from './endpoints.ts';
import { findingRoutes } from './findings.ts';
import { incidentRoutes } from './incident-routes.ts';
import { keyRoutes } from './keys.ts';
import { leakRoutes } from './leaks.ts';
import { liveRoutes } from './live.ts';
import { operationRoutes } from './operations.ts';
import { overviewRoutes } from './overview.ts';
import { pipelineRoutes } from './pipeline.ts';
import { policyRoutes } from './policy.ts';
import { queryRoutes } from './query.ts';
import { ruleRoutes } from './rules.ts';
import { sessionRoutes } from './session.ts';
import { silenceRoutes } from './silences.ts';
import { statusRoutes } from './status.ts';
import { tokenRoutes } from './tokens.ts';

/** Every route of the API. `POST /v1/events` and `/v1/heartbeats` belong to ingest and are not among them. */
export const routes = [
  ...sessionRoutes,
  ...overviewRoutes,
  ...statusRoutes,
  ...incidentRoutes,
  ...findingRoutes,
  ...keyRoutes,
  ...endpointRoutes,
  ...ruleRoutes,
  ...budgetRoutes,
  ...silenceRoutes,
  ...policyRoutes,
  ...operationRoutes,
  ...auditRoutes,
  ...leakRoutes,
  ...pipelineRoutes,
  ...queryRoutes,
  ...tokenRoutes,
  ...liveRoutes,
] as const;

export type RouteId = (typeof routes)[number]['id'];
