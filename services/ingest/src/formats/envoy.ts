import { type GatewayFormat, unknownKeyId } from './gateway-format.ts';
import { count, duration, firstText, lengthsMax, status, tags, text } from './read-fields.ts';

/**
 * Envoy, Envoy Gateway and Istio: a JSON access log under the names of their default formats. Envoy has no name for
 * a key; an operator adds `key_id` from a header or from what ext_authz or the JWT filter found out, and `x-api-key`
 * is understood as the raw key that it is.
 *
 * The request id is not taken for the event's: a client may choose it, and events of one id are counted once.
 */
export const envoy: GatewayFormat = {
  recognises: (element) =>
    'response_code' in element && ('response_flags' in element || 'upstream_cluster' in element),
  read(element, secrets) {
    const rawKey = firstText(2_048, element['x-api-key'], element.x_api_key, element.api_key);
    return {
      ts: element.start_time,
      key_id:
        firstText(lengthsMax.id, element.key_id, element.api_key_id) ??
        (rawKey ? secrets.keyId(rawKey) : unknownKeyId),
      account_id: text(element.account_id, lengthsMax.id),
      method: firstText(lengthsMax.method, element.method, element[':method']),
      path: firstText(
        lengthsMax.path,
        element['x-envoy-origin-path'],
        element.x_envoy_origin_path,
        element.path,
        element[':path'],
      ),
      status: status(element.response_code),
      client_ip: firstText(
        lengthsMax.path,
        firstForwarder(element['x-forwarded-for']),
        firstForwarder(element.x_forwarded_for),
        element.downstream_remote_address,
      ),
      user_agent: firstText(lengthsMax.agent, element['user-agent'], element.user_agent),
      bytes_in: count(element.bytes_received),
      bytes_out: count(element.bytes_sent),
      latency_ms: duration(element.duration, 1),
      gateway:
        firstText(lengthsMax.name, element.hostname, element.authority, element[':authority']) ?? 'envoy',
      trace_id: text(element.trace_id, lengthsMax.address),
      tags: tags({ service: element.upstream_cluster, route: element.route_name }),
    };
  },
};

/** A list of forwarders names the client first. */
function firstForwarder(value: unknown): string | undefined {
  return typeof value === 'string' ? text(value.split(',', 1)[0]!.trim(), lengthsMax.address) : undefined;
}
