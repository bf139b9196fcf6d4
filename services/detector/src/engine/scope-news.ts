import type { KeyRecord } from '@tripkey/contract';
import type { EndpointUse, Novelty, ScopeNovelty } from '@tripkey/rules';
import { isGranted } from './grant.ts';
import type { KeyState } from './key-state.ts';

const dayMs = 86_400_000;

/**
 * Granted scopes of which a key uses an endpoint for the first time: none of the endpoints that it is known for lies
 * within them. Empty while it uses nothing new.
 */
export function scopeNews(
  key: KeyRecord | null,
  state: KeyState,
  endpoints: readonly Novelty<EndpointUse>[],
  watchedSince: number,
  at: number,
): ScopeNovelty[] {
  const granted = endpoints.filter(({ use, fresh }) => fresh && use.granted === true);
  if (!key || granted.length === 0) return [];
  const known = state.known.endpoint;
  const createdAt = key.created_at ? Date.parse(key.created_at) : 0;
  const heldSince = Math.max(createdAt, createdAt === 0 ? state.firstSeenAt : 0, watchedSince);
  return key.scopes.flatMap((scope) => {
    const only = { ...key, scopes: [scope] };
    const news = granted.find(({ use }) => isGranted(only, use.method, use.route));
    if (!news) return [];
    for (const [endpoint] of known.values()) {
      if (!known.isKnown(endpoint, at)) continue;
      const space = endpoint.indexOf(' ');
      if (isGranted(only, endpoint.slice(0, space), endpoint.slice(space + 1))) return [];
    }
    const { fresh, requests, surpriseOfNews, peersStarting } = news;
    const heldDays = Math.max(0, at - heldSince) / dayMs;
    return [{ scope, fresh, heldDays, requests, surpriseOfNews, peersStarting }];
  });
}
