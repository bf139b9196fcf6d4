import type { Endpoint } from '../catalogue/endpoint.ts';
import { endpointNamed } from '../catalogue/endpoints.ts';
import type { Random } from '../random/random.ts';

/** Which endpoints a client calls, and how often relative to each other. Never changed, only replaced. */
export interface EndpointMix {
  readonly endpoints: readonly Endpoint[];
  readonly weights: readonly number[];
  readonly cumulative: readonly number[];
}

/** Name of an endpoint, its weight, and how likely a client of this kind uses it at all (absent: certainly). */
export type Use = readonly [endpoint: string, weight: number, probability?: number];

/** One client's mix out of what its kind uses; at least one endpoint. */
export function drawMix(random: Random, uses: readonly Use[]): EndpointMix {
  const chosen = uses.filter(([, , probability]) => probability === undefined || random.chance(probability));
  const kept = chosen.length > 0 ? chosen : uses.slice(0, 1);
  return mixOf(
    kept.map(([name]) => endpointNamed(name)),
    kept.map(([, weight]) => random.lognormal(weight, 0.4)),
  );
}

export function mixOf(endpoints: readonly Endpoint[], weights: readonly number[]): EndpointMix {
  let sum = 0;
  return { endpoints, weights, cumulative: weights.map((weight) => (sum += weight)) };
}

/** The mix with one more endpoint that gets the given share of the requests. */
export function withEndpoint(mix: EndpointMix, endpoint: Endpoint, share: number): EndpointMix {
  if (mix.endpoints.includes(endpoint)) return mix;
  const sum = mix.cumulative.at(-1) ?? 0;
  return mixOf([...mix.endpoints, endpoint], [...mix.weights, (sum * share) / (1 - share)]);
}

export function drawEndpoint(random: Random, mix: EndpointMix): Endpoint {
  return mix.endpoints[random.weightedIndex(mix.cumulative)]!;
}
