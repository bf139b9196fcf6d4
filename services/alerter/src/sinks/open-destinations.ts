import { type Clock, createOutbound, type Logger } from '@tripkey/service-kit';
import type * as z from 'zod';
import type { Destination, Notifier } from '../alert/notifier.ts';
import type { AlertingConfig } from '../config.ts';
import { slackOwnerNotifier } from '../slack/slack-owner-notifier.ts';
import { slackWebClient } from '../slack/slack-web-client.ts';
import { genericEvent } from './generic-event.ts';
import { mailNotifier, openMailTransport, ownerNotifier } from './mail-notifier.ts';
import { ocsfFinding } from './ocsf-finding.ts';
import { pagerDutyEvent } from './pagerduty-event.ts';
import type { MailConfig, WebhookConfig, WebhooksConfig } from './sink-config.ts';
import { webhookNotifier } from './webhook-notifier.ts';

const pacing = { postsPerSecond: 10, callsPerSecond: 10 } as const;
/** Each message takes a look-up, of which Slack takes fifty a minute. */
const slackPacing = { postsPerSecond: 0.5, callsPerSecond: 0.5 } as const;

/** Everything that is told of incidents besides the place where people talk about them. */
export function openDestinations(
  config: {
    readonly webhooks: z.infer<typeof WebhooksConfig>;
    readonly mail: z.infer<typeof MailConfig>;
    readonly slack: AlertingConfig['slack'];
    readonly outbound: AlertingConfig['outbound'];
  },
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Destination[] {
  const outbound = createOutbound(config.outbound);
  const notifiers: Notifier[] = Object.entries(config.webhooks).map(([name, hook]) =>
    webhookNotifier({ ...hook, name, template: templateOf(hook), clock, outbound }),
  );
  const { mail } = config;
  if (mail.host && mail.from) {
    const { host, from } = mail;
    const parts = { transport: openMailTransport({ ...mail, host, from }), from };
    if (mail.to.length > 0) notifiers.push(mailNotifier({ ...mail, ...parts }));
    if (mail.toOwners) notifiers.push(ownerNotifier({ ...parts, contact: mail.contact }));
  }
  const { token, toOwners, contact, timeoutMs, apiUrl } = config.slack;
  if (token && toOwners) {
    const web = slackWebClient({ token, timeoutMs, log, ...(apiUrl ? { apiUrl } : {}) });
    notifiers.push(slackOwnerNotifier({ web, contact }));
  }
  return notifiers.map((notifier) => ({
    notifier,
    pacing: notifier.name === 'slack-owner' ? slackPacing : pacing,
  }));
}

function templateOf({ template, routingKey = '' }: z.infer<typeof WebhookConfig>) {
  switch (template) {
    case 'generic':
      return genericEvent;
    case 'ocsf':
      return ocsfFinding;
    case 'pagerduty':
      return pagerDutyEvent(routingKey);
  }
}
