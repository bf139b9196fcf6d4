import { type GatewayFormat, unknownKeyId } from './gateway-format.ts';
import {
  count,
  duration,
  firstText,
  fromCommonLogTime,
  lengthsMax,
  number,
  status,
  tags,
  text,
} from './read-fields.ts';

const secondMs = 1_000;

/**
 * NGINX: a `log_format … escape=json` whose names are those of NGINX's variables. All values may be text. The key is
 * `key_id`, a header set by whoever checked it (`http_x_key_id`, `upstream_http_x_key_id`), or the user.
 */
export const nginx: GatewayFormat = {
  recognises: (element) =>
    'request_method' in element &&
    'status' in element &&
    ('remote_addr' in element || 'request_uri' in element),
  read(element, secrets) {
    const rawKey = firstText(2_048, element.http_x_api_key, element.http_apikey, element.arg_api_key);
    const seconds = number(element.msec);
    return {
      event_id: text(element.request_id, lengthsMax.id),
      ts:
        seconds === undefined
          ? (element.time_iso8601 ?? fromCommonLogTime(element.time_local))
          : Math.round(seconds * secondMs),
      key_id:
        firstText(
          lengthsMax.id,
          element.key_id,
          element.http_x_key_id,
          element.upstream_http_x_key_id,
          element.remote_user,
        ) ?? (rawKey ? secrets.keyId(rawKey) : unknownKeyId),
      method: text(element.request_method, lengthsMax.method),
      path: firstText(lengthsMax.path, element.request_uri, element.uri),
      status: status(element.status),
      client_ip: text(element.remote_addr, lengthsMax.address),
      user_agent: text(element.http_user_agent, lengthsMax.agent),
      bytes_in: count(element.request_length),
      bytes_out: count(element.bytes_sent) ?? count(element.body_bytes_sent),
      latency_ms: duration(element.request_time, secondMs),
      gateway: firstText(lengthsMax.name, element.hostname, element.server_name, element.host) ?? 'nginx',
      tags: tags({ service: element.proxy_host ?? element.server_name }),
    };
  },
};
