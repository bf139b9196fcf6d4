import { type GatewayFormat, type SecretsOfFormat, unknownKeyId } from './gateway-format.ts';
import { count, firstText, lengthsMax, status, tags, text } from './read-fields.ts';

/** Forms of Tyk's key hashes: murmur32, murmur64, murmur128, SHA-256. */
const keyHash = /^(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64})$/i;
/** Hash of an empty key, which is what requests without one have. */
const noKey = '00000000';

/**
 * Tyk Pump (kafka). `api_key` is a hash or the key itself, as the gateway was configured; nothing tells them apart
 * with certainty, so it is never kept as it is unless the registry knows it for a public id. `raw_request` and
 * `raw_response` hold all headers and are not looked at.
 */
export const tyk: GatewayFormat = {
  recognises: (element) => 'request_time_ms' in element && 'api_id' in element,
  read: (element, secrets) => ({
    ts: element.timestamp,
    key_id: readKeyId(text(element.api_key, 2_048), secrets),
    account_id: text(element.org_id, lengthsMax.id),
    app_id: text(element.oauth_id, lengthsMax.id),
    method: text(element.method, lengthsMax.method),
    path: firstText(lengthsMax.path, element.raw_path, element.path),
    status: status(element.response_code),
    client_ip: text(element.ip_address, lengthsMax.address),
    user_agent: text(element.user_agent, lengthsMax.agent),
    bytes_in: count(element.content_length),
    latency_ms: count(element.request_time_ms),
    gateway: text(element.host, lengthsMax.name) ?? 'tyk',
    tags: tags({ service: element.api_name ?? element.api_id, version: element.api_version }),
  }),
};

function readKeyId(key: string | undefined, secrets: SecretsOfFormat): string {
  if (key === undefined || key === noKey) return unknownKeyId;
  return secrets.keyId(key, keyHash.test(key));
}
