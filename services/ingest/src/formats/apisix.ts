import { type GatewayFormat, unknownKeyId } from './gateway-format.ts';
import {
  at,
  count,
  firstText,
  lengthsMax,
  noteSecretHeaders,
  number,
  status,
  tags,
  text,
} from './read-fields.ts';

/**
 * Apache APISIX: kafka-logger and http-logger with `meta_format: default`. A consumer has one name for all its keys,
 * and that is all there is to know the key by. The record's own timestamp is unset; `start_time` counts.
 */
export const apisix: GatewayFormat = {
  recognises: (element) =>
    'apisix_latency' in element || ('start_time' in element && 'route_id' in element && 'server' in element),
  read(element, secrets) {
    const { request, response } = element;
    noteSecretHeaders(at(request, 'headers'), secrets);
    return {
      ts: number(element.start_time),
      key_id: text(at(element, 'consumer', 'username'), lengthsMax.id) ?? unknownKeyId,
      method: text(at(request, 'method'), lengthsMax.method),
      path: firstText(lengthsMax.path, at(request, 'uri'), at(request, 'url')),
      status: status(at(response, 'status')),
      client_ip: text(element.client_ip, lengthsMax.address),
      user_agent: text(at(request, 'headers', 'user-agent'), lengthsMax.agent),
      bytes_in: count(at(request, 'size')),
      bytes_out: count(at(response, 'size')),
      latency_ms: count(element.latency),
      gateway: text(at(element, 'server', 'hostname'), lengthsMax.name) ?? 'apisix',
      tags: tags({ service: element.service_id, route: element.route_id }),
    };
  },
};
