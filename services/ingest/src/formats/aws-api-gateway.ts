import { type GatewayFormat, unknownKeyId } from './gateway-format.ts';
import {
  at,
  count,
  firstText,
  fromCommonLogTime,
  lengthsMax,
  number,
  status,
  tags,
  text,
} from './read-fields.ts';

/**
 * Amazon API Gateway: an access log in JSON under the names of its `$context` variables, REST and HTTP APIs.
 * `identity.apiKeyId` is the public id; `identity.apiKey` is the key itself and must not be logged.
 */
export const awsApiGateway: GatewayFormat = {
  recognises: (element) =>
    'requestId' in element && ('httpMethod' in element || 'routeKey' in element) && 'status' in element,
  read(element, secrets) {
    const identity = element.identity;
    const rawKey = firstText(2_048, element.apiKey, at(identity, 'apiKey'));
    const publicId = firstText(lengthsMax.id, element.apiKeyId, at(identity, 'apiKeyId'));
    if (rawKey !== undefined && publicId !== undefined) secrets.seen('identity.apiKey');
    const [routeMethod, routePath] = readRouteKey(element.routeKey);
    return {
      event_id: firstText(lengthsMax.id, element.requestId),
      ts: number(element.requestTimeEpoch) ?? fromCommonLogTime(element.requestTime),
      key_id: publicId ?? (rawKey ? secrets.keyId(rawKey) : unknownKeyId),
      account_id: text(element.accountId, lengthsMax.id),
      method: firstText(lengthsMax.method, element.httpMethod, routeMethod),
      // The template that the API was defined with.
      route: firstText(512, element.resourcePath, routePath),
      path: text(element.path, lengthsMax.path),
      status: status(element.status),
      client_ip: firstText(lengthsMax.address, element.ip, element.sourceIp, at(identity, 'sourceIp')),
      user_agent: firstText(lengthsMax.agent, element.userAgent, at(identity, 'userAgent')),
      bytes_out: count(element.responseLength),
      latency_ms: count(element.responseLatency),
      gateway: firstText(lengthsMax.name, element.domainName, element.apiId) ?? 'aws-api-gateway',
      trace_id: text(element.xrayTraceId, lengthsMax.address),
      tags: tags({ service: element.apiId, stage: element.stage }),
    };
  },
};

/** `GET /leads/{id}`; `$default` names no route. */
function readRouteKey(value: unknown): [method?: string, path?: string] {
  const parts = typeof value === 'string' ? /^([A-Z]+) (\/\S*)$/.exec(value) : null;
  return parts ? [parts[1]!, parts[2]!] : [];
}
