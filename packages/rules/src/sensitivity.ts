import type { EndpointUse } from './facts.ts';

/** Parts of routes behind which keys, people, money or whole tables lie. */
const sensitiveRoute =
  /api[-_]?keys?|tokens?|secrets?|admin|audit|permissions?|roles?|exports?|users?|billing|webhooks?/i;

/** How much a first use of an endpoint weighs: reads 1, writes more, sensitive resources more, both most. */
export function sensitivityOf(endpoint: EndpointUse): number {
  const writes = endpoint.method !== 'GET' && endpoint.method !== 'HEAD' && endpoint.method !== 'OPTIONS';
  const sensitive = sensitiveRoute.test(endpoint.route);
  return 1 + (writes ? 0.25 : 0) + (sensitive ? 0.5 : 0);
}
