import type { Clock } from '@tripkey/service-kit';
import type * as z from 'zod';
import type { Destination, Notifier } from '../alert/notifier.ts';
import { genericEvent } from './generic-event.ts';
import { mailNotifier, openMailTransport, ownerNotifier } from './mail-notifier.ts';
import { ocsfFinding } from './ocsf-finding.ts';
import { pagerDutyEvent } from './pagerduty-event.ts';
import type { MailConfig, WebhookConfig, WebhooksConfig } from './sink-config.ts';
import { webhookNotifier } from './webhook-notifier.ts';

const pacing = { postsPerSecond: 10, callsPerSecond: 10 } as const;

/** Everything that is told of incidents besides the place where people talk about them. */
export function openDestinations(
  config: {
    readonly webhooks: z.infer<typeof WebhooksConfig>;
    readonly mail: z.infer<typeof MailConfig>;
  },
  clock: Clock,
): Destination[] {
  const notifiers: Notifier[] = Object.entries(config.webhooks).map(([name, hook]) =>
    webhookNotifier({ ...hook, name, template: templateOf(hook), clock }),
  );
  const { mail } = config;
  if (mail.host && mail.from) {
    const { host, from } = mail;
    const parts = { transport: openMailTransport({ ...mail, host, from }), from };
    if (mail.to.length > 0) notifiers.push(mailNotifier({ ...mail, ...parts }));
    if (mail.toOwners) notifiers.push(ownerNotifier({ ...parts, contact: mail.contact }));
  }
  return notifiers.map((notifier) => ({ notifier, pacing }));
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
