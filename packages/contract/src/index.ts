export { Evidence, Finding, Subject, subjectKey } from './finding.ts';
export { GatewayHeartbeat } from './gateway-heartbeat.ts';
export { KeyRecord, keyStatuses, lineageOf } from './key-record.ts';
export { Outcome, outcomes, RequestEvent } from './request-event.ts';
export { Severity, severities, severityRank, worse } from './severity.ts';
export { topics } from './topics.ts';
