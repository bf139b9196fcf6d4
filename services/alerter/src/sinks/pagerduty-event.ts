import type { Severity } from '@tripkey/contract';
import type { AlertMessage } from '../alert/alert-message.ts';
import { plainText } from '../alert/plain-text.ts';
import type { WebhookTemplate } from './webhook-template.ts';

const severities: Record<Severity, 'critical' | 'error' | 'warning' | 'info'> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  info: 'info',
};

/**
 * PagerDuty's Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview). The incident's id is the
 * dedup key, so that an event which is sent again joins its alert.
 */
export function pagerDutyEvent(routingKey: string): WebhookTemplate {
  return {
    isArchive: false,
    shows: ({ record: { state, severity } }) => ({ action: actionOf(state), severity }),
    body(alert) {
      const { record } = alert;
      const head = {
        routing_key: routingKey,
        dedup_key: record.incident_id,
        event_action: actionOf(record.state),
      };
      if (head.event_action !== 'trigger') return head;
      const { rules, owner, account_id, app_id, key_id, score } = record;
      return {
        ...head,
        payload: {
          summary: plainText(alert.headline, 1_024),
          source: plainText(record.subject, 255),
          severity: severities[record.severity],
          timestamp: record.opened_at,
          component: plainText(app_id, 255) || undefined,
          group: plainText(account_id, 255) || undefined,
          class: rules[0]?.rule_id,
          custom_details: {
            ...{ summary: plainText(alert.summary, 2_000), key_id, owner, score },
            why: alert.why.map(({ title, detail }) => plainText(`${title}: ${detail}`, 400)),
          },
        },
        client: 'Tripkey',
        ...(alert.consoleUrl
          ? { client_url: alert.consoleUrl, links: [{ href: alert.consoleUrl, text: 'Open in console' }] }
          : {}),
      };
    },
  };
}

function actionOf(state: AlertMessage['record']['state']): 'trigger' | 'acknowledge' | 'resolve' {
  if (state === 'resolved') return 'resolve';
  return state === 'open' ? 'trigger' : 'acknowledge';
}
