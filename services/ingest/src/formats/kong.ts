import { type GatewayFormat, unknownKeyId } from './gateway-format.ts';
import {
  at,
  count,
  firstText,
  isFields,
  lengthsMax,
  noteSecretHeaders,
  number,
  status,
  tags,
  text,
} from './read-fields.ts';

/**
 * Kong: what `kong.log.serialize()` makes, sent by kafka-log, http-log and their kin.
 *
 * The id of the credential (`authenticated_entity`) is the public id of the key. Kong's routes are prefixes, not
 * templates, so the path is templated. It redacts the authorization headers and leaves `apikey` in the clear.
 */
export const kong: GatewayFormat = {
  recognises: (element) => 'started_at' in element && isFields(element.latencies),
  read(element, secrets) {
    const { request, response } = element;
    noteSecretHeaders(at(request, 'headers'), secrets);
    return {
      event_id: text(at(request, 'id'), lengthsMax.id),
      ts: number(element.started_at),
      key_id:
        firstText(lengthsMax.id, at(element, 'authenticated_entity', 'id'), at(element, 'consumer', 'id')) ??
        unknownKeyId,
      account_id: firstText(
        lengthsMax.id,
        at(element, 'consumer', 'custom_id'),
        at(element, 'consumer', 'username'),
      ),
      method: text(at(request, 'method'), lengthsMax.method),
      path: firstText(lengthsMax.path, at(request, 'uri'), at(request, 'url')),
      status: status(at(response, 'status')),
      client_ip: text(element.client_ip, lengthsMax.address),
      user_agent: text(at(request, 'headers', 'user-agent'), lengthsMax.agent),
      bytes_in: count(at(request, 'size')),
      bytes_out: count(at(response, 'size')),
      latency_ms: count(at(element, 'latencies', 'request')),
      gateway: firstText(lengthsMax.name, element.workspace_name, element.workspace) ?? 'kong',
      tags: tags({ service: at(element, 'service', 'name'), route: at(element, 'route', 'name') }),
    };
  },
};
