import type { KeyRecord } from '@tripkey/contract';
import type {
  AgentUse,
  AmountFacts,
  EndpointUse,
  KeyFacts,
  NetworkUse,
  Novelty,
  ScopeNovelty,
  SilenceFacts,
  Traffic,
} from '../facts.ts';
import type { HabitFacts } from '../habit-facts.ts';

import { someHabits } from './some-habits.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** A Monday morning. */
const at = Date.parse('2026-03-02T10:00:00.000Z');

export function traffic(changes: Partial<Traffic> = {}): Traffic {
  const requests = changes.requests ?? 10;
  return {
    requests,
    accepted: changes.accepted ?? requests,
    denied: 0,
    notFound: 0,
    rateLimited: 0,
    serverErrors: 0,
    bytesOut: requests * 1_000,
    objects: requests,
    ...changes,
  };
}

export function amount(changes: Partial<AmountFacts> = {}): AmountFacts {
  return { observed: 0, windows: 500, peak: 10, logMean: 1, logDeviation: 0.5, ...changes };
}

/** What may be changed of the facts; a test names only what it is about. */
export interface KeyChanges {
  key?: Partial<KeyRecord> | null;
  fresh?: Partial<Traffic>;
  window?: Partial<Traffic>;
  history?: Partial<KeyFacts['history']>;
  volume?: Partial<KeyFacts['volume']>;
  drift?: Partial<KeyFacts['drift']>;
  amounts?: Partial<KeyFacts['amounts']>;
  endpoints?: readonly Novelty<EndpointUse>[];
  networks?: readonly Novelty<NetworkUse>[];
  networksOfHour?: number;
  agents?: readonly Novelty<AgentUse>[];
  scopes?: readonly ScopeNovelty[];
  habits?: Partial<HabitFacts>;
  silence?: Omit<SilenceFacts, 'gatewaysBlind'> & { gatewaysBlind?: number };
  mix?: Partial<KeyFacts['mix']>;
}

/** A key of a month that does what it always does. */
export function aKeySeen(changes: KeyChanges = {}): KeyFacts {
  const window = traffic({ requests: changes.volume?.observed ?? 100, ...changes.window });
  return {
    at,
    keyId: 'key_forms_1',
    lineageId: 'key_forms_1',
    key:
      changes.key === null
        ? null
        : {
            key_id: 'key_forms_1',
            account_id: 'acct_acme',
            app_id: 'app_forms',
            scopes: ['read:leads', 'write:leads'],
            created_at: '2026-01-05T09:00:00.000Z',
            status: 'active',
            protected: false,
            tags: {},
            ...changes.key,
          },
    fresh: traffic(changes.fresh),
    window,
    windowFrom: at - 15 * minuteMs,
    windowTo: at,
    history: {
      watchedSince: at - 60 * dayMs,
      firstSeenAt: at - 30 * dayMs,
      lastSeenAt: at - 2 * hourMs,
      requests: 50_000,
      activeDays: 30,
      idleMsBefore: 2 * hourMs,
      idleMsLongest: 14 * hourMs,
      idleCount: 40,
      ...changes.history,
    },
    volume: {
      observed: window.requests,
      expected: 90,
      shape: 4,
      peak: 180,
      windows: 2_800,
      tailIndex: 3,
      windowMinutes: 15,
      ...changes.volume,
    },
    drift: { sum: 0, peak: 4, windows: 2_800, ...changes.drift },
    amounts: {
      bytesOut: amount({ peak: 300_000, logMean: 11.5 }),
      denied: amount(),
      notFound: amount(),
      objects: amount(),
      serverErrors: amount(),
      rateLimited: amount(),
      ...changes.amounts,
    },
    news: {
      endpoints: changes.endpoints ?? [],
      networks: changes.networks ?? [],
      networksOfHour: changes.networksOfHour ?? changes.networks?.length ?? 0,
      agents: changes.agents ?? [],
      scopes: changes.scopes ?? [],
    },
    habits: someHabits(changes.habits),
    silence: changes.silence ? { gatewaysBlind: 0, ...changes.silence } : null,
    mix: { evidence: 0, bursts: 400, strongest: [], ...changes.mix },
  };
}

const novelty = {
  firstSeenAt: at - minuteMs,
  fresh: true,
  requests: 5,
  accepted: 5,
  denied: 0,
  surpriseOfNews: 2.5,
  surpriseOfValue: 1.5,
  peersStarting: 0,
};

/** An endpoint that the key never used. */
export function aNewEndpoint(
  changes: Partial<EndpointUse> & Partial<Omit<Novelty<EndpointUse>, 'use'>> = {},
): Novelty<EndpointUse> {
  const { method = 'GET', route = '/v1/deals', granted = null, ...rest } = changes;
  return { ...novelty, ...rest, use: { method, route, granted } };
}

/** A network that the key never came from. */
export function aNewNetwork(
  changes: Partial<NetworkUse> & Partial<Omit<Novelty<NetworkUse>, 'use'>> = {},
): Novelty<NetworkUse> {
  const {
    network = '198.51.100.0/24',
    ip = '198.51.100.7',
    provider = 'AS64500',
    country = 'NL',
    ...rest
  } = changes;
  const { providerKnown = false, countryKnown = false, ...seen } = rest;
  return { ...novelty, ...seen, use: { network, ip, provider, country, providerKnown, countryKnown } };
}

/** An agent that the key never showed. */
export function aNewAgent(changes: Partial<Omit<Novelty<AgentUse>, 'use'>> = {}): Novelty<AgentUse> {
  return { ...novelty, ...changes, use: { family: 'curl' } };
}

/** A granted scope that the key never used before. */
export function aNewScope(changes: Partial<ScopeNovelty> = {}): ScopeNovelty {
  return {
    scope: 'write:exports',
    fresh: true,
    heldDays: 60,
    requests: 5,
    surpriseOfNews: 2.5,
    peersStarting: 0,
    ...changes,
  };
}
