import { createHash } from 'node:crypto';
import { severityRank } from '@tripkey/contract';
import type { Delivery } from '../incident/delivery.ts';
import type { Incident } from '../incident/incident.ts';
import { type AlertContext, type AlertMessage, toAlertMessage } from './alert-message.ts';
import type { DigestMessage } from './digest.ts';
import { digestIdOf, messageIdOf } from './message-id.ts';
import type { MessageRef, Notifier, Outgoing, Replacement } from './notifier.ts';
import { storyLineOf } from './response-text.ts';

/** The next thing to do about an incident's messages. Lower `urgency` goes first. */
export type DeliveryStep = {
  readonly incidentId: string;
  readonly deliveryId: string;
  readonly urgency: number;
} & (
  | {
      readonly kind: 'post';
      readonly attempt: number;
      readonly message: Outgoing;
      /** Hash of what people see. */
      readonly content: string;
    }
  | {
      readonly kind: 'look';
      readonly sinceMs: number;
      readonly thread: MessageRef | null;
      readonly message: Outgoing;
      readonly content: string;
    }
  | {
      readonly kind: 'update';
      readonly ref: MessageRef;
      readonly message: Replacement;
      readonly content: string;
    }
);

/** Where messages go to, as far as it decides which there are. */
export type Outlet = Pick<Notifier, 'isRepeatable' | 'takes' | 'tells' | 'shows'> & {
  /** Stands behind the ids of its messages; empty for the place where people talk about incidents. */
  readonly suffix: string;
};

/** A destination; what is not the main one carries its name in the ids of its messages. */
export function outletOf(notifier: Notifier, isMain: boolean): Outlet {
  return {
    suffix: isMain ? '' : `:${notifier.name}`,
    isRepeatable: notifier.isRepeatable ?? false,
    ...(notifier.takes ? { takes: (alert) => notifier.takes!(alert) } : {}),
    ...(notifier.tells ? { tells: (line) => notifier.tells!(line) } : {}),
    ...(notifier.shows ? { shows: (alert) => notifier.shows!(alert) } : {}),
  };
}

/** How long a message that was surely not posted waits for its next attempt; Slack's own delay is kept by `Pacing`. */
const returnedWaitMs = 1_000;
/** A message that cannot be posted until somebody acts (channel archived, token revoked) is tried again this often. */
const failedWaitMs = 5 * 60_000;
/** An outgoing message and Slack's clock may differ by this much. */
const clockSkewMs = 60_000;

/**
 * What is to be sent for an incident now: its one message, then the steps of its story in the thread, in order, then
 * changes of the message. A message is *pending* when it is wanted and the log has nothing of it; *sending* without
 * an end means that the process died in between, and is looked for like an unknown outcome.
 *
 * `hidden`: people do not want to be told now. A message that was begun goes on; one that was not waits, and is
 * never sent when the incident is over before.
 *
 * `wait`: something is due later; `hidden`: it would be, if people wanted to be told; `done`: nothing until the incident
 * changes.
 */
export function nextDelivery(
  incident: Incident,
  context: AlertContext,
  nowMs: number,
  hidden = false,
  outlet: Outlet = { suffix: '' },
): DeliveryStep | 'wait' | 'hidden' | 'done' {
  const alert = toAlertMessage(incident, context);
  const parentId = messageIdOf(incident.id, outlet.suffix);
  const parent = incident.deliveries.get(parentId);
  const rank = (last: number) => last * 10 - severityRank(incident.severity);
  const head = (deliveryId: string, urgency: number) => ({ incidentId: incident.id, deliveryId, urgency });

  if (!parent && outlet.takes?.(alert) === false) return 'done';
  if (!parent && hidden) return incident.state === 'resolved' ? 'done' : 'hidden';
  if (!parent && incident.state === 'resolved' && incident.silencedBy !== null) return 'done';
  if (parent?.state !== 'sent' || !parent.ref) {
    const step = postOrLook(parent, { kind: 'alert', alert }, nowMs, outlet);
    return step ? { ...head(parentId, rank(1)), ...step } : 'wait';
  }
  let rest: 'wait' | 'done' = 'done';
  for (const event of incident.story) {
    const deliveryId = `${incident.id}:${event.seq}${outlet.suffix}`;
    const delivery = incident.deliveries.get(deliveryId);
    if (delivery?.state === 'sent') continue;
    const line = storyLineOf(event, incident);
    if (outlet.tells?.(line) === false) continue;
    const step = postOrLook(delivery, { kind: 'reply', line, thread: parent.ref, alert }, nowMs, outlet);
    if (step) return { ...head(deliveryId, rank(line.broadcast ? 2 : 3)), ...step };
    // The story is told in order: a reply that waits holds back the later ones, not the message's own update.
    rest = 'wait';
    break;
  }
  const content = contentHash(shownOf(alert, outlet));
  if (parent.content === content) return rest;
  return {
    ...head(parentId, rank(4)),
    kind: 'update',
    ref: parent.ref,
    message: { kind: 'alert', alert },
    content,
  };
}

function postOrLook(delivery: Delivery | undefined, message: Outgoing, nowMs: number, outlet: Outlet) {
  const content = contentHash(contentOf(message, outlet));
  const isOpenEnded = delivery?.state === 'sending' || delivery?.state === 'unknown';
  if (isOpenEnded && !outlet.isRepeatable) {
    const thread = message.kind === 'reply' ? message.thread : null;
    const sinceMs = delivery.firstAttemptAt - clockSkewMs;
    return { kind: 'look', sinceMs, thread, message, content } as const;
  }
  const waitMs = delivery?.state === 'failed' ? failedWaitMs : returnedWaitMs;
  if (delivery && nowMs < delivery.since + waitMs) return null;
  return { kind: 'post', attempt: (delivery?.attempts ?? 0) + 1, message, content } as const;
}

/** What is to be done about the message of a digest, whose states are in the log of the incident that holds it. */
export function nextDigest(
  host: Incident,
  digest: DigestMessage,
  nowMs: number,
): DeliveryStep | 'wait' | 'done' {
  const deliveryId = digestIdOf(host.id);
  const delivery = host.deliveries.get(deliveryId);
  const message = { kind: 'digest', digest } as const;
  const head = { incidentId: host.id, deliveryId };
  if (delivery?.state !== 'sent' || !delivery.ref) {
    const step = postOrLook(delivery, message, nowMs, { suffix: '' });
    return step ? { ...head, urgency: 10, ...step } : 'wait';
  }
  const content = contentHash(digest);
  if (delivery.content === content) return 'done';
  return { ...head, urgency: 45, kind: 'update', ref: delivery.ref, message, content };
}

function contentOf(message: Outgoing, outlet: Outlet): unknown {
  switch (message.kind) {
    case 'alert':
      return shownOf(message.alert, outlet);
    case 'reply':
      return message.line;
    case 'digest':
      return message.digest;
  }
}

/** The record is for machines: what people do not see is no reason to edit what they read. */
function shownOf(alert: AlertMessage, outlet: Outlet): unknown {
  if (outlet.shows) return outlet.shows(alert);
  const { record: _record, ...seen } = alert;
  return seen;
}

function contentHash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
