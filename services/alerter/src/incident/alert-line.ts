import type { Evidence, Severity } from '@tripkey/contract';
import { subjectKey } from '@tripkey/contract';
import type { Incident } from './incident.ts';

/** One incident as a line of `alerts.ndjson`; times RFC 3339. */
export interface AlertLine {
  incident_id: string;
  key_id: string | null;
  subject: string;
  /** When a live system would have told people. */
  opened_at: string;
  closed_at: string | null;
  severity: Severity;
  score: number;
  /** Worst first. */
  rules: string[];
  /** Evidence of the strongest finding by rule. */
  evidence: Record<string, Evidence>;
}

/** What a backtest writes of an incident, and the API of a closed one. */
export function toAlertLine(incident: Incident): AlertLine {
  return {
    incident_id: incident.id,
    key_id: incident.keyId,
    subject: subjectKey(incident.subject),
    opened_at: new Date(incident.openedAt).toISOString(),
    closed_at: incident.closedAt === null ? null : new Date(incident.closedAt).toISOString(),
    severity: incident.severity,
    score: incident.score,
    rules: incident.rules.map((rule) => rule.ruleId),
    evidence: Object.fromEntries(incident.rules.map((rule) => [rule.ruleId, rule.evidence])),
  };
}
