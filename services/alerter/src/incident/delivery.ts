import type { IncidentEvent } from './incident-event.ts';

/** What became of one message. Times are epoch ms. */
export interface Delivery {
  readonly id: string;
  readonly state: 'sending' | 'sent' | 'unknown' | 'returned' | 'failed';
  readonly since: number;
  readonly firstAttemptAt: number;
  readonly attempts: number;
  /** Where the message is, once sent. */
  readonly ref: { readonly channel: string; readonly ts: string } | null;
  /** Hash of what people see. */
  readonly content: string | null;
  readonly reason: string | null;
}

type DeliveryEvent = Extract<IncidentEvent, { delivery_id: string }>;

/** The deliveries of an incident after one more event. */
export function changeDelivery(
  deliveries: ReadonlyMap<string, Delivery>,
  event: DeliveryEvent,
): ReadonlyMap<string, Delivery> {
  const had: Delivery = deliveries.get(event.delivery_id) ?? {
    id: event.delivery_id,
    state: 'sending',
    since: event.at,
    firstAttemptAt: event.at,
    attempts: 0,
    ref: null,
    content: null,
    reason: null,
  };
  return new Map(deliveries).set(event.delivery_id, deliveryAfter(had, event));
}

function deliveryAfter(had: Delivery, event: DeliveryEvent): Delivery {
  const next = { ...had, since: event.at };
  switch (event.kind) {
    case 'message_sending':
      return { ...next, state: 'sending', attempts: event.attempt, reason: null };
    case 'message_sent':
      return {
        ...next,
        state: 'sent',
        ref: { channel: event.channel, ts: event.ts },
        content: event.content,
      };
    case 'message_updated':
      return { ...next, content: event.content };
    case 'message_unknown':
      return { ...next, state: 'unknown', reason: event.reason };
    case 'message_returned':
      return { ...next, state: 'returned', reason: event.reason };
    case 'message_failed':
      return { ...next, state: 'failed', reason: event.reason };
  }
}
