export type { AlertContext, AlertMessage } from './alert/alert-message.ts';
export { toAlertMessage } from './alert/alert-message.ts';
export type { AlertRecord } from './alert/alert-record.ts';
export { digestIdOf, messageIdOf } from './alert/message-id.ts';
export type {
  Destination,
  MessageRef,
  Notifier,
  Outgoing,
  PostOutcome,
  UpdateOutcome,
} from './alert/notifier.ts';
export { reasonText, responseText, type StoryLine, toStoryLine } from './alert/response-text.ts';
export { amounts } from './alert/wording.ts';
export { type AlerterParts, alerter, type KeyDirectory } from './alerter.ts';
export type { AuditHead } from './audit/audit-line.ts';
export type { AuditLog } from './audit/audit-log.ts';
export { AuditTrail } from './audit/audit-trail.ts';
export type { AuditFault, AuditVerdict } from './audit/verify-audit.ts';
export { verifyStoredAudit } from './audit/verify-stored-audit.ts';
export { clickHouseIncidentLog, incidentEventFromRow } from './clickhouse-incident-log.ts';
export { AlerterConfig, AlertingConfig } from './config.ts';
export { pagesOf, pagesPerWeek, solveBudget } from './incident/alert-budget.ts';
export { type AlertLine, toAlertLine } from './incident/alert-line.ts';
export { answerBudget } from './incident/answer-budget.ts';
export { currentOperation, fold, type Incident, isStoryEvent } from './incident/incident.ts';
export { createIncidentBook, type IncidentBook, type IncidentBookOptions } from './incident/incident-book.ts';
export { IncidentEvent, type IncidentEventBody } from './incident/incident-event.ts';
export type { Operation } from './incident/operation.ts';
export { RiskSettings, shareOfRisk } from './incident/risk.ts';
export type { IncidentLog } from './incident-log.ts';
export { type OpenLeaks, openLeaks } from './leaks/open-leaks.ts';
export { onStore } from './on-store.ts';
export { openIssuers } from './open-issuers.ts';
export { openNotifier } from './open-notifier.ts';
export type { CommandQueue } from './people/command-queue.ts';
export { type CommandFacts, decideCommand } from './people/decide-command.ts';
export { EscalationSettings } from './people/escalation.ts';
export { IncidentCommand } from './people/incident-command.ts';
export { responseFacts } from './people/response-facts.ts';
export { Silence, type SilenceBook, silenceOf } from './people/silence.ts';
export { type CheckedPolicy, checkPolicy } from './respond/check-policy.ts';
export { type AutomaticStop, checkGuards, type GuardFacts, type GuardVerdict } from './respond/guards.ts';
export { issuerOf } from './respond/issuer-of.ts';
export { clickHouseKillSwitch, type KillSwitch, type KillSwitchState } from './respond/kill-switch.ts';
export { type PastFacts, readPastFacts } from './respond/past-facts.ts';
export { decide, isProtected, type PolicyDecision, ResponsePolicy } from './respond/policy.ts';
export { ProofSettings } from './respond/proof.ts';
export { clickHouseTraffic, type Traffic } from './respond/traffic.ts';
export { type PolicyTrial, type TriedIncident, tryPolicy } from './respond/try-policy.ts';
export { toOcsfFinding } from './sinks/ocsf-finding.ts';
export { openDestinations } from './sinks/open-destinations.ts';
export { checkSlack, type SlackCheck } from './slack/check-slack.ts';
export { consoleNotifier, noNotifier } from './slack/console-notifier.ts';
export {
  type InteractionParts,
  type OpenInteractions,
  openInteractions,
  serveDoors,
} from './slack/interact/open-interactions.ts';
export { renderText } from './slack/render-text.ts';
export { type SampleIncident, sampleIncidents } from './slack/sample-incidents.ts';
export type { SlackMessage } from './slack/slack-message.ts';
export { openSlack } from './slack/slack-notifier.ts';
export { toSlackAlert, toSlackReply } from './slack/to-slack-message.ts';
export { askBlastRadius, BlastRadius, blastRadiusOf, type TrafficRow } from './survey/blast-radius.ts';
export { askChart, chartOf, UsageChart } from './survey/chart.ts';
export { blastRadiusText } from './survey/survey-words.ts';
export type { Survey, Surveyor } from './survey/surveyor.ts';
