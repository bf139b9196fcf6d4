import type { Evidence, KeyRecord, Severity } from '@tripkey/contract';
import { subjectKey } from '@tripkey/contract';
import { currentOperation, type Incident } from '../incident/incident.ts';
import type { ResolutionReason } from '../incident/incident-event.ts';
import type { OperationState } from '../incident/operation.ts';

/** An incident in fields, for machines: what webhooks, routes and exports go by. Times RFC 3339. */
export interface AlertRecord {
  readonly incident_id: string;
  readonly state: 'open' | 'acknowledged' | 'snoozed' | 'resolved';
  readonly resolution: ResolutionReason | null;
  readonly severity: Severity;
  readonly score: number;
  readonly subject: string;
  readonly key_id: string | null;
  readonly key_name: string | null;
  readonly key_tags: Readonly<Record<string, string>>;
  readonly owner: string | null;
  readonly account_id: string;
  readonly app_id: string;
  readonly opened_at: string;
  readonly closed_at: string | null;
  readonly first_finding_at: string;
  readonly last_finding_at: string;
  readonly findings: number;
  readonly acknowledged_by: string | null;
  /** What is being done to the key; null when nothing was ordered or proposed. */
  readonly response: {
    readonly operation_id: string;
    readonly action: 'disable' | 'enable';
    readonly state: OperationState;
    readonly approved_by: string | null;
    /** When the issuer said that it is done. */
    readonly done_at: string | null;
    readonly undo_until: string | null;
  } | null;
  /** Worst first. */
  readonly rules: readonly {
    readonly rule_id: string;
    readonly rule_version: number;
    readonly title: string;
    readonly severity: Severity;
    readonly score: number;
    readonly count: number;
    readonly observed: Evidence['observed'];
    readonly expected: Evidence['expected'];
  }[];
}

export function toAlertRecord(incident: Incident, key: KeyRecord | undefined): AlertRecord {
  const operation = currentOperation(incident);
  return {
    incident_id: incident.id,
    state: stateOf(incident),
    resolution: incident.resolution?.reason ?? null,
    severity: incident.severity,
    score: incident.score,
    subject: subjectKey(incident.subject),
    key_id: incident.keyId,
    key_name: key?.name ?? null,
    key_tags: key?.tags ?? {},
    owner: key?.owner ?? null,
    account_id: incident.accountId,
    app_id: incident.appId,
    opened_at: time(incident.openedAt),
    closed_at: timeOrNull(incident.closedAt),
    first_finding_at: time(incident.firstFindingAt),
    last_finding_at: time(incident.lastFindingAt),
    findings: incident.findingCount,
    acknowledged_by: incident.acknowledged?.by ?? null,
    response: operation && {
      operation_id: operation.id,
      action: operation.action,
      state: operation.state,
      approved_by: operation.approvedBy,
      done_at: timeOrNull(operation.stoppedAt),
      undo_until: timeOrNull(operation.undoUntil || null),
    },
    rules: incident.rules.map((rule) => ({
      rule_id: rule.ruleId,
      rule_version: rule.ruleVersion,
      title: rule.title,
      severity: rule.severity,
      score: rule.score,
      count: rule.count,
      observed: rule.evidence.observed,
      expected: rule.evidence.expected,
    })),
  };
}

function stateOf({ state, snoozed, acknowledged }: Incident): AlertRecord['state'] {
  if (state === 'resolved') return 'resolved';
  if (snoozed) return 'snoozed';
  return acknowledged ? 'acknowledged' : 'open';
}

function time(atMs: number): string {
  return new Date(atMs).toISOString();
}

function timeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : time(atMs);
}
