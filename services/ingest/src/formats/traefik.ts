import { type GatewayFormat, unknownKeyId } from './gateway-format.ts';
import { count, duration, firstText, lengthsMax, status, tags, text } from './read-fields.ts';

const nanosecondMs = 1e-6;

/**
 * Traefik: its JSON access log. Traefik leaves headers out unless told to keep them; kept ones appear as
 * `request_<Header>`. The key is the user of its auth middlewares, or the header that a forward-auth service sets.
 */
export const traefik: GatewayFormat = {
  recognises: (element) => 'DownstreamStatus' in element && 'RequestMethod' in element,
  read(element, secrets) {
    const rawKey = text(element['request_X-Api-Key'], 2_048);
    return {
      ts: firstText(lengthsMax.address, element.StartUTC, element.StartLocal, element.time),
      key_id:
        firstText(lengthsMax.id, element['request_X-Key-Id'], element.ClientUsername) ??
        (rawKey ? secrets.keyId(rawKey) : unknownKeyId),
      method: text(element.RequestMethod, lengthsMax.method),
      path: text(element.RequestPath, lengthsMax.path),
      status: status(element.DownstreamStatus),
      client_ip: firstText(lengthsMax.address, element.ClientHost, element.ClientAddr),
      user_agent: text(element['request_User-Agent'], lengthsMax.agent),
      bytes_in: count(element.RequestContentSize),
      bytes_out: count(element.DownstreamContentSize),
      latency_ms: duration(element.Duration, nanosecondMs),
      gateway: firstText(lengthsMax.name, element.entryPointName, element.RequestHost) ?? 'traefik',
      trace_id: text(element.TraceId, lengthsMax.address),
      tags: tags({ service: element.ServiceName, route: element.RouterName }),
    };
  },
};
