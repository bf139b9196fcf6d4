import { type EventDraft, type Fields, type GatewayFormat, unknownKeyId } from './gateway-format.ts';
import {
  at,
  count,
  duration,
  firstText,
  isFields,
  lengthsMax,
  number,
  status,
  tags,
  text,
} from './read-fields.ts';

const secondMs = 1_000;
const nanosecondsInMs = 1_000_000n;

/**
 * OpenTelemetry: the stable HTTP attributes, flat or below `attributes`, of a server span or of a log record. There is
 * no standard name for a key: `tripkey.key_id`, `api_key.id` and `enduser.id` are read, and a captured `x-api-key`
 * header as the raw key that it is.
 */
export const otel: GatewayFormat = {
  recognises: (element) => {
    const attributes = attributesOf(element);
    return 'http.request.method' in attributes && 'http.response.status_code' in attributes;
  },
  read(element, secrets): EventDraft {
    const a = attributesOf(element);
    const resource = flatAttributes(at(element, 'resource', 'attributes') ?? element.resource);
    const rawKey = firstText(2_048, a['http.request.header.x-api-key'], a['http.request.header.x_api_key']);
    const traceId = firstText(lengthsMax.address, element.traceId, element.trace_id, a.trace_id);
    const spanId = firstText(lengthsMax.address, element.spanId, element.span_id, a.span_id);
    return {
      // The server makes the span's id, also where the client has chosen the trace's.
      ...(traceId && spanId ? { event_id: `${traceId}/${spanId}` } : {}),
      ts: startOf(element) ?? a['@timestamp'] ?? element['@timestamp'] ?? element.timestamp,
      key_id:
        firstText(lengthsMax.id, a['tripkey.key_id'], a['api_key.id'], a['enduser.id']) ??
        (rawKey ? secrets.keyId(rawKey) : unknownKeyId),
      account_id: firstText(lengthsMax.id, a['tripkey.account_id']),
      app_id: firstText(lengthsMax.id, a['tripkey.app_id']),
      method: text(a['http.request.method'], lengthsMax.method),
      route: text(a['http.route'], 512),
      path: firstText(lengthsMax.path, a['url.path'], a['url.full']),
      status: status(a['http.response.status_code']),
      client_ip: firstText(lengthsMax.address, a['client.address'], a['network.peer.address']),
      user_agent: text(a['user_agent.original'], lengthsMax.agent),
      bytes_in: count(a['http.request.size']) ?? count(a['http.request.body.size']),
      bytes_out: count(a['http.response.size']) ?? count(a['http.response.body.size']),
      latency_ms: latencyOf(element, a),
      gateway: firstText(
        lengthsMax.name,
        resource['service.instance.id'],
        resource['host.name'],
        a['server.address'],
      ),
      trace_id: traceId,
      tags: tags({ service: resource['service.name'] ?? a['service.name'] }),
    };
  },
};

function attributesOf(element: Fields): Fields {
  return 'attributes' in element ? flatAttributes(element.attributes) : element;
}

/** Attributes as a map, or as the list of `{key, value: {stringValue}}` that OTLP has in JSON. */
function flatAttributes(attributes: unknown): Fields {
  if (isFields(attributes)) return attributes;
  const flat: Record<string, unknown> = {};
  if (!Array.isArray(attributes)) return flat;
  for (const attribute of attributes) {
    const key = at(attribute, 'key');
    if (typeof key === 'string' && key !== '__proto__') flat[key] = plainValue(at(attribute, 'value'));
  }
  return flat;
}

function plainValue(value: unknown): unknown {
  if (!isFields(value)) return value;
  const first = at(value, 'arrayValue', 'values');
  if (Array.isArray(first)) return plainValue(first[0]);
  return value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue;
}

function startOf(element: Fields): number | undefined {
  const start = nanoseconds(
    element.startTimeUnixNano ?? element.timeUnixNano ?? element.observedTimeUnixNano,
  );
  return start === undefined ? undefined : Number(start / nanosecondsInMs);
}

function latencyOf(element: Fields, attributes: Fields): number | undefined {
  const from = nanoseconds(element.startTimeUnixNano);
  const to = nanoseconds(element.endTimeUnixNano);
  if (from !== undefined && to !== undefined && to >= from) return Number(to - from) / 1e6;
  return duration(
    number(attributes['http.server.request.duration']) ?? number(attributes.duration ?? element.duration),
    secondMs,
  );
}

/** Nanoseconds since 1970, which JSON has as text because they are too large for a number. */
function nanoseconds(value: unknown): bigint | undefined {
  const written = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof written === 'string' && /^\d{1,19}$/.test(written) ? BigInt(written) : undefined;
}
