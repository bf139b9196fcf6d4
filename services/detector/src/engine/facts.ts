import type { KeyRecord } from '@tripkey/contract';
import type {
  AgentUse,
  AmountFacts,
  BirthFacts,
  EndpointUse,
  KeyFacts,
  MixFacts,
  NetworkUse,
  Novelty,
  Traffic,
} from '@tripkey/rules';
import type { Calendar } from './calendar.ts';
import type { FleetErrors } from './fleet-errors.ts';
import { isGranted } from './grant.ts';
import { habitFacts } from './habits.ts';
import type { AmountName, KeyState } from './key-state.ts';
import type { KnownValue, KnownValues } from './known-values.ts';
import type { PeerPlaces } from './peer-places.ts';
import type { KeyCounts, Popularity } from './popularity.ts';
import { scopeNews } from './scope-news.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Endpoints of a young key that are shown. */
const samplesMax = 5;
/** How much the share of keys that use a value counts, however usual it is that so few use one. */
const shareWeight = 0.3;
/** A value that some key used for longer is known in the fleet. */
const unheardMs = 3_600_000;
/** Length of the sliding window that rules about amounts look at. */
export const windowMinutes = 15;

/** What the facts of one key are prepared from, besides what is known of all keys. */
export interface FactParts {
  readonly state: KeyState;
  readonly keyId: string;
  readonly key: KeyRecord | null;
  /** What arrived in this tick, and its newest event minute. */
  readonly fresh: Traffic;
  readonly newestMinute: number;
  readonly freshValues: FreshValues;
  readonly at: number;
  /** The key is judged because nothing came from it. */
  readonly silent: boolean;
  readonly gatewaysBlind: number;
}

/** What is known of all keys together, and of the time. */
export interface FleetParts {
  readonly watchedSince: number;
  readonly popularity: {
    surpriseOfYouth(at: number): number;
    readonly endpoint: Popularity;
    readonly provider: Popularity;
    readonly agent: Popularity;
  };
  readonly places: PeerPlaces;
  readonly errors: FleetErrors;
  readonly calendar: Calendar;
  readonly keys: KeyCounts;
}

/** Where a network is, and one of its addresses that was used. */
export interface NetworkSeen {
  readonly provider: string;
  readonly country: string;
  readonly ip: string;
}

/** The values used in this tick, by dimension. */
export interface FreshValues {
  readonly endpoint: ReadonlySet<string>;
  readonly network: ReadonlyMap<string, NetworkSeen>;
  readonly agent: ReadonlySet<string>;
}

/** Prepares what rules see of one key in one tick. */
export function prepareFacts(parts: FactParts, fleet: FleetParts): KeyFacts {
  const { state, at } = parts;
  const windowTo = parts.newestMinute + minuteMs;
  const windowFrom = windowTo - windowMinutes * minuteMs;
  const window = state.recent.sum(windowFrom, windowTo);
  const turn = fleet.calendar.isMonthTurn(windowFrom) ? state.habits.monthTurn : null;
  const endpoints = endpointNews(parts, fleet);
  return {
    at,
    keyId: parts.keyId,
    lineageId: state.lineageId,
    key: parts.key,
    fresh: parts.fresh,
    window,
    windowFrom,
    windowTo,
    history: {
      watchedSince: fleet.watchedSince,
      firstSeenAt: state.firstSeenAt,
      lastSeenAt: state.lastSeenBefore || null,
      requests: state.requests,
      activeDays: state.activeDays,
      idleMsBefore: state.idleMsBefore,
      idleMsLongest: state.idle.longestMs,
      idleCount: state.idle.count,
    },
    volume: {
      observed: window.requests,
      expected: state.rate.expected(windowFrom, windowTo) * (turn?.factor ?? 1),
      shape: state.rate.shape,
      peak: Math.max(state.rate.peak, turn?.peak ?? 0),
      windows: state.rate.windows,
      tailIndex: state.rate.tailIndex,
      windowMinutes,
    },
    drift: {
      sum: state.drift.sum,
      peak: state.drift.peak,
      windows: state.drift.windows,
    },
    amounts: {
      bytesOut: amountFacts(state, 'bytesOut', window),
      denied: amountFacts(state, 'denied', window),
      notFound: amountFacts(state, 'notFound', window),
      objects: amountFacts(state, 'objects', window),
      serverErrors: amountFacts(state, 'serverErrors', window),
      rateLimited: amountFacts(state, 'rateLimited', window),
    },
    news: {
      endpoints,
      networks: networkNews(parts, fleet),
      networksOfHour: state.known.network.news(at).length,
      agents: agentNews(parts, fleet),
      scopes: scopeNews(parts.key, state, endpoints, fleet.watchedSince, at),
    },
    habits: habitFacts(
      state.habits,
      state.rate,
      state.recent,
      windowTo,
      (places) => fleet.places.surprise(state.appId, places),
      {
        birth: birthFacts(parts, fleet),
        kin: Math.max(0, (fleet.keys.apps.get(state.appId) ?? 0) - 1),
        fleetErrorShare: fleet.errors.shareWithout(window),
      },
    ),
    mix: mixFacts(state),
    silence: parts.silent
      ? {
          lastSeenAt: state.lastSeenAt,
          silentMs: at - state.lastSeenAt,
          gatewaysBlind: parts.gatewaysBlind,
          ...state.silence,
        }
      : null,
  };
}

/** How odd it is that a key is young, and what it does now, in its first day; null when it does nothing or is older. */
function birthFacts(
  { state, at, silent, freshValues }: FactParts,
  { popularity, keys }: FleetParts,
): BirthFacts | null {
  if (silent || at - state.firstSeenAt > dayMs) return null;
  const { endpoint, provider, agent } = popularity;
  const odd = (of: Popularity, value: string, rarity: number) =>
    Math.min(rarity, of.surprise(value, state.appId, keys, true));
  const home = state.known.provider.first();
  let [place, surpriseOfPlace] = ['', 0];
  for (const used of freshValues.network.values()) {
    const surprise = odd(provider, used.provider, provider.homeRarity(used.provider, used.provider === home));
    if (surprise > surpriseOfPlace) [place, surpriseOfPlace] = [used.provider, surprise];
  }
  const agents = [...freshValues.agent].map((value) => odd(agent, value, agent.rarity(value)));
  const endpoints = [...freshValues.endpoint].map((value) => odd(endpoint, value, endpoint.rarity(value)));
  return {
    ...{ surpriseOfYouth: popularity.surpriseOfYouth(at), place, surpriseOfPlace },
    surpriseOfAgent: Math.max(0, ...agents),
    surpriseOfEndpoints: endpoints.length > 0 ? Math.min(...endpoints) : 0,
    endpoints: [...freshValues.endpoint].slice(0, samplesMax).map(endpointOf),
  };
}

function amountFacts(state: KeyState, name: AmountName, window: Traffic): AmountFacts {
  const { windows, peak, logMean, logDeviation } = state.amounts[name];
  return { observed: window[name], windows, peak, logMean, logDeviation };
}

function mixFacts({ mix }: KeyState): MixFacts {
  const strongest = mix.strongest(5).map(([endpoint, says]) => ({ ...endpointOf(endpoint), says }));
  return { evidence: mix.evidence, bursts: mix.bursts, strongest };
}

/** Method and route of an endpoint as it is remembered. */
function endpointOf(value: string): { method: string; route: string } {
  const space = value.indexOf(' ');
  return { method: value.slice(0, space), route: value.slice(space + 1) };
}

function endpointNews(parts: FactParts, { popularity, keys }: FleetParts): Novelty<EndpointUse>[] {
  const { state, at, freshValues } = parts;
  const known = state.known.endpoint;
  return known.news(at).map(([value, seen]) => {
    const fleetAgeMs = popularity.endpoint.age(value, at);
    const share = popularity.endpoint.surprise(value, state.appId, keys, true);
    // What no key could use before is as surprising as it is that anything like it comes up.
    const surprise =
      fleetAgeMs < unheardMs ? tempered(share, popularity.endpoint.surpriseOfUnheard()) : share;
    const { method, route } = endpointOf(value);
    const use = { method, route, granted: isGranted(parts.key, method, route) };
    const starters = Math.max(0, popularity.endpoint.starters(value, at) - 1);
    return {
      ...novelty(use, seen, known, surprise, freshValues.endpoint.has(value)),
      peersStarting: starters,
    };
  });
}

function networkNews(parts: FactParts, { popularity, keys }: FleetParts): Novelty<NetworkUse>[] {
  const { state, at, freshValues } = parts;
  const known = state.known.network;
  const news: Novelty<NetworkUse>[] = [];
  for (const [network, { provider, country, ip }] of freshValues.network) {
    const seen = known.get(network);
    if (!seen || !known.isNews(network, at)) continue;
    const providerKnown = state.known.provider.isKnown(provider, at);
    const use = {
      network,
      ip,
      provider,
      country,
      providerKnown,
      countryKnown: country === '' || state.known.country.isKnown(country, at),
    };
    const { provider: providers } = popularity;
    const surprise = providerKnown
      ? 0
      : tempered(providers.surprise(provider, state.appId, keys, true), providers.rarity(provider));
    news.push(novelty(use, seen, providerKnown ? known : state.known.provider, surprise, true));
  }
  return news;
}

function agentNews(parts: FactParts, { popularity, keys }: FleetParts): Novelty<AgentUse>[] {
  const { state, at, freshValues } = parts;
  const known = state.known.agent;
  return known.news(at).map(([family, seen]) => {
    const surprise = popularity.agent.surprise(family, state.appId, keys, true);
    return novelty({ family }, seen, known, surprise, freshValues.agent.has(family));
  });
}

function novelty<T>(
  use: T,
  seen: KnownValue,
  known: KnownValues,
  surpriseOfValue: number,
  fresh: boolean,
): Novelty<T> {
  return {
    use,
    firstSeenAt: seen.firstAt,
    fresh,
    requests: seen.requests,
    accepted: seen.accepted,
    denied: seen.denied,
    surpriseOfNews: known.surpriseOfNews(),
    surpriseOfValue,
    peersStarting: 0,
  };
}

/** That few use it surprises, and less so where it is usual to use what few do. */
function tempered(share: number, ofSuchShares: number): number {
  return shareWeight * share + (1 - shareWeight) * Math.min(share, ofSuchShares);
}
