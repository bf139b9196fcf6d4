import { type Endpoint, isRead } from '../catalogue/endpoint.ts';
import { endpoints, sensitiveResources } from '../catalogue/endpoints.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';

/** What the key may call. */
export function granted(key: SimulatedKey): readonly Endpoint[] {
  return endpoints.filter(({ scope }) => scope !== null && key.scopes.has(scope));
}

/** What the key may read. */
export function grantedReads(key: SimulatedKey): readonly Endpoint[] {
  return granted(key).filter(isRead);
}

/** What the key may call and its owner does not. */
export function grantedUnused(key: SimulatedKey, at: number): readonly Endpoint[] {
  const used = key.mixes.at(at).endpoints;
  return granted(key).filter((endpoint) => !used.includes(endpoint));
}

/** What the key may not call; what tells or gives the most is there twice. */
export function forbidden(key: SimulatedKey): readonly Endpoint[] {
  const outside = endpoints.filter(({ scope }) => scope !== null && !key.scopes.has(scope));
  return [...outside, ...outside.filter(({ resource }) => sensitiveResources.has(resource))];
}
