import { apisix } from './apisix.ts';
import { awsApiGateway } from './aws-api-gateway.ts';
import {
  binaryEnvelope,
  type Envelope,
  isBinaryCloudEvent,
  structuredEnvelope,
  withEnvelope,
} from './cloud-events.ts';
import { envoy } from './envoy.ts';
import type { EventDraft, Fields, GatewayFormat, RecordHeaders, SecretsOfFormat } from './gateway-format.ts';
import { kong } from './kong.ts';
import { type Mapping, mappedFormat } from './mapping.ts';
import { native } from './native.ts';
import { nginx } from './nginx.ts';
import { otel } from './otel.ts';
import { isFields } from './read-fields.ts';
import { traefik } from './traefik.ts';
import { tyk } from './tyk.ts';

/** Gateways whose form we know, the surest marks first: that is the order of guessing. */
const gateways = {
  native,
  kong,
  apisix,
  tyk,
  traefik,
  envoy,
  'aws-api-gateway': awsApiGateway,
  otel,
  nginx,
} as const satisfies Record<string, GatewayFormat>;
const guesses: readonly GatewayFormat[] = Object.values(gateways);

/** What may be configured. `auto` guesses by element; `cloudevents` does so inside the envelope. */
export const formatNames = [
  'auto',
  ...(Object.keys(gateways) as (keyof typeof gateways)[]),
  'cloudevents',
  'mapping',
] as const;
export type FormatName = (typeof formatNames)[number];

/** A record header that says in which format the record is, whatever is configured; replayed dead letters have it. */
export const formatHeader = 'tripkey-format';

/** From an element as a gateway wrote it to the fields of an event, which are not checked yet. */
export interface FormatReader {
  /**
   * @param idx index of the element in its record
   * @returns fields of an event, or the element itself when it is none that the format knows. Never throws.
   */
  read(element: unknown, headers: RecordHeaders, idx: number, secrets: SecretsOfFormat): unknown;
}

/**
 * @param mapping for the format `mapping`
 * @throws RangeError when `mapping` is chosen without one
 */
export function createFormatReader(name: FormatName, mapping?: Mapping): FormatReader {
  if (name === 'mapping' && !mapping) throw new RangeError('the format "mapping" needs a mapping');
  const chosen = name === 'mapping' ? mappedFormat(mapping!) : knownFormat(name);

  function readFields(element: Fields, secrets: SecretsOfFormat): EventDraft {
    return (chosen ?? guess(element)).read(element, secrets);
  }
  return {
    read(element, headers, idx, secrets) {
      const named = headers[formatHeader];
      if (named === 'native') return element;
      const envelope = envelopeOf(element, headers, idx);
      if (envelope === null) return isFields(element) ? readFields(element, secrets) : element;
      return isFields(envelope.data)
        ? withEnvelope(readFields(envelope.data, secrets), envelope)
        : envelope.data;
    },
  };
}

function knownFormat(name: FormatName): GatewayFormat | undefined {
  return Object.hasOwn(gateways, name) ? gateways[name as keyof typeof gateways] : undefined;
}

function guess(element: Fields): GatewayFormat {
  return guesses.find((format) => format.recognises(element)) ?? native;
}

/** Any format may come in an envelope. */
function envelopeOf(element: unknown, headers: RecordHeaders, idx: number): Envelope | null {
  if (isBinaryCloudEvent(headers)) return binaryEnvelope(element, headers, idx);
  return isFields(element) ? structuredEnvelope(element) : null;
}
