export { countRows } from './count-rows.ts';
export { endpointUseFrontier, foldEndpointUse, setEndpointUseFrontier } from './endpoint-use.ts';
export { isSameRun, readEngineRun } from './engine-run.ts';
export { findingFromRow, findingToRow } from './finding-row.ts';
export { KeyRegistry } from './key-registry.ts';
export { lastVersion } from './last-version.ts';
export { migrate, migrationFiles, schemaState } from './migrate.ts';
export type { Block } from './native/encode-block.ts';
export { encodeAddress } from './native/fixed-columns.ts';
export { encodeText } from './native/text-column.ts';
export { Word } from './native/word-column.ts';
export { ProfileBlock } from './profile-block.ts';
export { defineQuestion, type Question } from './question.ts';
export { acceptedSince } from './questions/accepted-since.ts';
export { activeKeys } from './questions/active-keys.ts';
export { activityQuestion } from './questions/activity.ts';
export { adminsKnown, apiSession } from './questions/api-sessions.ts';
export { apiTokens } from './questions/api-tokens.ts';
export { arrivalsByTick } from './questions/arrivals-by-tick.ts';
export { auditHoles } from './questions/audit-holes.ts';
export { auditedEvents, auditHeads, auditLines } from './questions/audit-lines.ts';
export { auditMinutes } from './questions/audit-minutes.ts';
export { auditRepeats, type UnmarkedRepeat } from './questions/audit-repeats.ts';
export { auditSources } from './questions/audit-sources.ts';
export { automaticStops } from './questions/automatic-stops.ts';
export { deadLettersOf } from './questions/dead-letters.ts';
export { detectorClaims, detectorMembers } from './questions/detector-claims.ts';
export { findingsInIncidents } from './questions/findings-in-incidents.ts';
export { findingsOf } from './questions/findings-of.ts';
export { findingsSince } from './questions/findings-since.ts';
export { firstArrival } from './questions/first-arrival.ts';
export { firstCopies } from './questions/first-copies.ts';
export { gatewayActivity } from './questions/gateway-activity.ts';
export { gatewayLosses, gatewayRuns } from './questions/gateway-runs.ts';
export { incidentCommandOf } from './questions/incident-command-of.ts';
export { incidentCommands } from './questions/incident-commands.ts';
export { incidentEvents } from './questions/incident-events.ts';
export { incidentEventsOf } from './questions/incident-events-of.ts';
export { ingestFrontier } from './questions/ingest-frontier.ts';
export { keyIncidentsOpened } from './questions/key-incidents-opened.ts';
export { keyRequests, keyTraffic } from './questions/key-traffic.ts';
export { keysSince } from './questions/keys-since.ts';
export { killSwitch, killSwitchTurns } from './questions/kill-switch.ts';
export { knownLeakReports } from './questions/known-leak-reports.ts';
export { lessons } from './questions/lessons.ts';
export { ownStops } from './questions/own-stops.ts';
export { pipelineProgress } from './questions/pipeline-progress.ts';
export {
  copyProfiles,
  detectorProgress,
  profilePages,
  profilesBetween,
  profilesOf,
  publishedByOtherShards,
  savesOfEpochMax,
  slowestDetector,
} from './questions/profiles.ts';
export { publishedProgress } from './questions/published-progress.ts';
export { requestShare } from './questions/request-share.ts';
export { runningInserts } from './questions/running-inserts.ts';
export { serverHealth } from './questions/server-health.ts';
export { silences } from './questions/silences.ts';
export { storedPositions } from './questions/stored-positions.ts';
export { usageByBucket } from './questions/usage-by-bucket.ts';
export { usageByHourAndKey } from './questions/usage-by-hour-and-key.ts';
export { storeReadiness } from './readiness.ts';
export { markRepeats, removeDoubles, restoreKept } from './repair-requests.ts';
export { RequestBlock } from './request-block.ts';
export { type RequestRow, requestColumns } from './request-row.ts';
export { requireSchema, SchemaBehindError } from './require-schema.ts';
export { applyRetention, Retention } from './retention.ts';
export { retireStream } from './retire-stream.ts';
export { ClickHouseConfig, openStore, type Store } from './store.ts';
export { isStoreAway, type StatementFault, statementFault } from './store-fault.ts';
export { endOf, type NewTokenWish, type StoredToken, stateOf, TokenBook } from './token-book.ts';
export { tracedStore } from './traced-store.ts';
export { correctUsage, type UsageScope, usageDifference, usageParams } from './usage-difference.ts';
