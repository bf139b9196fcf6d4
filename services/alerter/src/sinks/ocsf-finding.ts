import type { Severity } from '@tripkey/contract';
import type { AlertMessage } from '../alert/alert-message.ts';
import type { AlertRecord } from '../alert/alert-record.ts';
import { stepOf } from './generic-event.ts';
import type { WebhookTemplate } from './webhook-template.ts';

const classUid = 2004;
const severityIds: Record<Severity, number> = { info: 1, low: 2, medium: 3, high: 4, critical: 5 };
const statusNames = ['New', 'In Progress', 'Suppressed', 'Resolved'] as const;
/** What turned out to be nothing. */
const benign: readonly (string | null)[] = [
  'false_positive',
  'true_positive_benign',
  'testing_or_maintenance',
];

/** OCSF calls suppressed what was looked at and found benign; what is snoozed is still being looked at. */
function statusIdOf({ state, resolution }: AlertRecord): number {
  if (state === 'open') return 1;
  if (state !== 'resolved') return 2;
  return benign.includes(resolution) ? 3 : 4;
}

/**
 * An incident as a Detection Finding of OCSF 1.4 (https://schema.ocsf.io/1.4.0/classes/detection_finding), as SIEMs and
 * security lakes take it.
 */
export const ocsfFinding: WebhookTemplate = {
  isArchive: true,
  shows: ({ record }) => stepOf(record),
  body: toOcsfFinding,
};

/** @param isFirst whether it is the first that is told of the incident */
export function toOcsfFinding(alert: AlertMessage, isFirst: boolean, nowMs: number): object {
  const { record } = alert;
  const activity = record.state === 'resolved' ? 3 : isFirst ? 1 : 2;
  const statusId = statusIdOf(record);
  return {
    activity_id: activity,
    activity_name: ['Create', 'Update', 'Close'][activity - 1],
    category_uid: 2,
    category_name: 'Findings',
    class_uid: classUid,
    class_name: 'Detection Finding',
    type_uid: classUid * 100 + activity,
    time: nowMs,
    severity_id: severityIds[record.severity],
    severity: record.severity === 'info' ? 'Informational' : capital(record.severity),
    status_id: statusId,
    status: statusNames[statusId - 1],
    ...(record.resolution ? { status_detail: record.resolution } : {}),
    is_alert: record.state !== 'resolved',
    message: alert.summary,
    metadata: {
      version: '1.4.0',
      correlation_uid: record.incident_id,
      product: { name: 'Tripkey', vendor_name: 'Tripkey' },
    },
    finding_info: {
      uid: record.incident_id,
      title: alert.headline,
      desc: alert.summary,
      created_time: Date.parse(record.opened_at),
      modified_time: nowMs,
      first_seen_time: Date.parse(record.first_finding_at),
      last_seen_time: Date.parse(record.last_finding_at),
      types: record.rules.map(({ rule_id }) => rule_id),
      ...(record.rules[0] ? { analytic: analyticOf(record.rules[0]) } : {}),
      related_analytics: record.rules.slice(1).map(analyticOf),
      ...(alert.consoleUrl ? { src_url: alert.consoleUrl } : {}),
    },
    risk_score: Math.round(record.score),
    resources: [
      {
        uid: record.key_id ?? record.subject,
        type: record.key_id === null ? record.subject.split(':')[0] : 'API key',
        ...(record.key_name ? { name: record.key_name } : {}),
        ...(record.owner ? { owner: { name: record.owner } } : {}),
      },
    ],
    evidences: record.rules.map(({ rule_id, observed, expected, score }) => ({
      data: { rule_id, observed, expected, score },
    })),
    unmapped: {
      account_id: record.account_id,
      app_id: record.app_id,
      response: record.response,
      findings: record.findings,
    },
  };
}

function analyticOf(rule: AlertRecord['rules'][number]): object {
  return {
    uid: rule.rule_id,
    name: rule.title,
    version: String(rule.rule_version),
    type_id: 1,
    type: 'Rule',
  };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
