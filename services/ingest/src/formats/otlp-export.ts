import type { Fields } from './gateway-format.ts';
import { at, isFields } from './read-fields.ts';

const lists = {
  resourceSpans: { scopes: 'scopeSpans', records: 'spans' },
  resourceLogs: { scopes: 'scopeLogs', records: 'logRecords' },
} as const;

const serverSpan = new Set<unknown>([2, 'SPAN_KIND_SERVER']);

/** What an OTLP export holds. */
export interface OtlpRecords {
  /** Requests that a server answered, each with its resource. */
  readonly requests: readonly Fields[];
  /** Records about something else: inner spans, client calls, other logs. */
  readonly others: number;
}

/**
 * Takes an OTLP export in JSON apart, as the OpenTelemetry Collector writes it into one Kafka message.
 * @returns null when the element is something else
 */
export function unpackOtlpExport(element: unknown, recordsMax: number): OtlpRecords | null {
  if (!isFields(element)) return null;
  const name =
    'resourceSpans' in element ? 'resourceSpans' : 'resourceLogs' in element ? 'resourceLogs' : null;
  if (name === null) return null;
  const { scopes, records } = lists[name];
  const requests: Fields[] = [];
  let others = 0;
  for (const ofResource of listAt(element, name)) {
    const resource = at(ofResource, 'resource');
    for (const scope of listAt(ofResource, scopes)) {
      for (const record of listAt(scope, records)) {
        if (requests.length < recordsMax && isFields(record) && isServerRequest(record)) {
          requests.push({ ...record, resource });
        } else others++;
      }
    }
  }
  return { requests, others };
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = at(value, name);
  return Array.isArray(list) ? list : [];
}

function isServerRequest(record: Fields): boolean {
  if (!('traceId' in record || 'timeUnixNano' in record)) return false;
  if ('kind' in record && !serverSpan.has(record.kind)) return false;
  const { attributes } = record;
  return (
    Array.isArray(attributes) &&
    attributes.some((attribute) => at(attribute, 'key') === 'http.request.method')
  );
}
