import type { EventDraft, Fields, RecordHeaders } from './gateway-format.ts';
import { isFields, lengthsMax, text } from './read-fields.ts';

/** What the envelope of a CloudEvent says about the event in it. */
export interface Envelope {
  readonly data: unknown;
  readonly id: string | undefined;
  readonly source: string | undefined;
  readonly time: string | undefined;
}

/** A record in CloudEvents' binary mode has the envelope in its headers (Kafka protocol binding 1.0). */
export function isBinaryCloudEvent(headers: RecordHeaders): boolean {
  return 'ce_specversion' in headers;
}

/** The envelope in the headers; `idx` tells the elements of one message apart, which share it. */
export function binaryEnvelope(data: unknown, headers: RecordHeaders, idx: number): Envelope {
  const id = text(headers.ce_id, lengthsMax.id);
  return {
    data,
    id: id && idx > 0 ? `${id}/${idx}` : id,
    source: text(headers.ce_source, lengthsMax.name),
    time: text(headers.ce_time, lengthsMax.address),
  };
}

/** The envelope that an element is in structured mode; null when it is none. */
export function structuredEnvelope(element: Fields): Envelope | null {
  if (!('specversion' in element && 'source' in element)) return null;
  return {
    data: 'data_base64' in element ? fromBase64(element.data_base64) : element.data,
    id: text(element.id, lengthsMax.id),
    source: text(element.source, lengthsMax.name),
    time: text(element.time, lengthsMax.address),
  };
}

/** Completes what the data say by what the envelope says. */
export function withEnvelope(draft: EventDraft, { id, source, time }: Envelope): EventDraft {
  return {
    ...draft,
    event_id: draft.event_id ?? id,
    ts: draft.ts ?? time,
    gateway: draft.gateway ?? source,
  };
}

function fromBase64(value: unknown): unknown {
  if (typeof value !== 'string') return undefined;
  try {
    const data: unknown = JSON.parse(Buffer.from(value, 'base64').toString('utf8'));
    return isFields(data) ? data : undefined;
  } catch {
    return undefined;
  }
}
