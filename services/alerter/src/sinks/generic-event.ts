import type { AlertMessage } from '../alert/alert-message.ts';
import type { WebhookTemplate } from './webhook-template.ts';

/**
 * Our own event: type, time, the words that people read and the whole record. Sent when an incident opens, and when its
 * state, severity, rules or response change.
 */
export const genericEvent: WebhookTemplate = {
  isArchive: true,
  shows: ({ record }) => stepOf(record),
  body(alert, isFirst, nowMs) {
    return {
      type: typeOf(alert, isFirst),
      sent_at: new Date(nowMs).toISOString(),
      headline: alert.headline,
      summary: alert.summary,
      console_url: alert.consoleUrl,
      incident: alert.record,
      blast_radius: alert.survey?.blast_radius ?? null,
    };
  },
};

/** What makes an update worth sending: not each finding that only counts one more. */
export function stepOf({ state, severity, resolution, response, rules }: AlertMessage['record']): unknown {
  return { state, severity, resolution, response, rules: rules.map(({ rule_id }) => rule_id).toSorted() };
}

function typeOf({ resolved }: AlertMessage, isFirst: boolean): string {
  if (resolved) return 'incident.resolved';
  return isFirst ? 'incident.opened' : 'incident.updated';
}
