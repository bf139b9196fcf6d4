import type { KeyRecord } from '@tripkey/contract';
import type { HabitFacts } from './habit-facts.ts';

/**
 * What rules judge: one key, at one moment, prepared. Times are epoch milliseconds on the event-time clock; a rule
 * has no other clock. Everything that is learnt describes the time *before* the judged window.
 */
export interface KeyFacts {
  /** When the judgement is made: the end of the arrivals that are in it. */
  readonly at: number;
  readonly keyId: string;
  /** Identity over rotations; baselines belong to it. */
  readonly lineageId: string;
  /** What the issuer said about the key; null when nothing was said. */
  readonly key: KeyRecord | null;
  /** What arrived since the last judgement. */
  readonly fresh: Traffic;
  /** The sliding window of event minutes that rules about amounts look at. */
  readonly window: Traffic;
  readonly windowFrom: number;
  readonly windowTo: number;
  readonly history: History;
  readonly volume: VolumeFacts;
  readonly drift: DriftFacts;
  readonly amounts: Readonly<Record<AmountName, AmountFacts>>;
  readonly habits: HabitFacts;
  readonly mix: MixFacts;
  /** What the key shows for the first time, within the last hour. */
  readonly news: News;
  /** Set when nothing comes from the key any more and the gateways are alive; null when it is in use. */
  readonly silence: SilenceFacts | null;
}

/** A key from which nothing has come for a while. */
export interface SilenceFacts {
  readonly lastSeenAt: number;
  readonly silentMs: number;
  /** Gateways from which nothing comes though it should: while there are any, silence may be theirs. */
  readonly gatewaysBlind: number;
  /** Requests that its past leads one to expect since. */
  readonly expected: number;
  /** -log10 of the chance of no request since, were every quarter of an hour a draw of its own. */
  readonly surprise: number;
}

/** Sums over a stretch of requests. */
export interface Traffic {
  requests: number;
  /** Requests that the gateway let through (outcome valid). */
  accepted: number;
  /** Status 401 or 403. */
  denied: number;
  notFound: number;
  rateLimited: number;
  serverErrors: number;
  bytesOut: number;
  /** Distinct object paths, summed over minutes. */
  objects: number;
}

/** How well the key is known. */
export interface History {
  /** Since when traffic is watched at all; before it a key may have been in use. */
  readonly watchedSince: number;
  /** First request ever seen of the lineage; equal to `at` when there was none before. */
  readonly firstSeenAt: number;
  /** Last request before the window; null when there was none. */
  readonly lastSeenAt: number | null;
  readonly requests: number;
  /** Days on which the key was active. */
  readonly activeDays: number;
  /** Length of the idle stretch (an hour or more) that the current activity ended, ms; 0 when there was none. */
  readonly idleMsBefore: number;
  /** Longest idle stretch before that one, ms, and how many there were. */
  readonly idleMsLongest: number;
  readonly idleCount: number;
}

/** An amount in the window against the key's past active windows. */
export interface AmountFacts {
  readonly observed: number;
  /** Active windows behind the figures. */
  readonly windows: number;
  /** Highest window so far, forgetting slowly. */
  readonly peak: number;
  /** Mean and standard deviation of ln(1 + amount). */
  readonly logMean: number;
  readonly logDeviation: number;
}

export type AmountName = 'bytesOut' | 'denied' | 'notFound' | 'objects' | 'serverErrors' | 'rateLimited';

/** Requests in the window against what the same hour of past weeks leads one to expect. */
export interface VolumeFacts {
  readonly observed: number;
  readonly expected: number;
  /** Size parameter of the negative binomial predictive; small means bursty. */
  readonly shape: number;
  /** Most requests ever seen in a window of this length, forgetting slowly. */
  readonly peak: number;
  /** Past windows that the baseline rests on. */
  readonly windows: number;
  /** Pareto tail index of the key's busy windows; small means that it bursts. */
  readonly tailIndex: number;
  readonly windowMinutes: number;
}

/** Cumulative sum of how far quarter hours lie above expectation, in standard deviations; what all keys share is out. */
export interface DriftFacts {
  readonly sum: number;
  /** Highest sum of past rises, forgetting slowly. */
  readonly peak: number;
  /** Quarter hours behind it. */
  readonly windows: number;
}

/** Whether the endpoints of the current burst of activity (an hour at most) are what the key's owner would call. */
export interface MixFacts {
  /** How much likelier they are from somebody else, log10; 0 when not at all. */
  readonly evidence: number;
  /** Bursts that the key has had, this one included. */
  readonly bursts: number;
  /** Up to five endpoints that say so, strongest first, each with what it says alone. */
  readonly strongest: readonly { readonly method: string; readonly route: string; readonly says: number }[];
}

export interface News {
  readonly endpoints: readonly Novelty<EndpointUse>[];
  readonly networks: readonly Novelty<NetworkUse>[];
  /** Networks first seen within the last hour, in all. */
  readonly networksOfHour: number;
  readonly agents: readonly Novelty<AgentUse>[];
  /** Granted scopes of which the key uses an endpoint for the first time. */
  readonly scopes: readonly ScopeNovelty[];
}

/** A granted scope that is used for the first time. */
export interface ScopeNovelty {
  readonly scope: string;
  readonly fresh: boolean;
  /** Days since the key was made or first seen, whichever is later to be known. */
  readonly heldDays: number;
  readonly requests: number;
  /** -log10 of the chance that this key shows a new endpoint in an active hour. */
  readonly surpriseOfNews: number;
  /** Other keys that started the same endpoint of late: a release. */
  readonly peersStarting: number;
}

/** Something a key does for the first time, and how surprising that is. */
export interface Novelty<T> {
  readonly use: T;
  readonly firstSeenAt: number;
  /** True when it was used in the fresh traffic. */
  readonly fresh: boolean;
  readonly requests: number;
  readonly accepted: number;
  readonly denied: number;
  /** -log10 of the chance that this key shows anything new of this kind in an active hour. */
  readonly surpriseOfNews: number;
  /** -log10 of the share of comparable keys that already do it; 0 when all do. */
  readonly surpriseOfValue: number;
  /** Other keys that started the same of late, from where they are at home: a release. */
  readonly peersStarting: number;
}

export interface EndpointUse {
  readonly method: string;
  readonly route: string;
  /** Whether the key's scopes cover it; null when its scopes are not known. */
  readonly granted: boolean | null;
}

export interface NetworkUse {
  /** /24 or /48 prefix. */
  readonly network: string;
  /** One of its addresses that was used. */
  readonly ip: string;
  /** Autonomous system, or the wider prefix (/16, /32) where that is unknown. */
  readonly provider: string;
  readonly country: string;
  readonly providerKnown: boolean;
  readonly countryKnown: boolean;
}

export interface AgentUse {
  readonly family: string;
}

/** One client address and the keys it used within the last quarter of an hour that are not known to come from there. */
export interface SourceFacts {
  readonly at: number;
  readonly windowFrom: number;
  readonly windowTo: number;
  readonly ip: string;
  /** Keys to which the address's network is news, or which were never seen before. */
  readonly keysNew: number;
  /** Ids among them that nobody made: no issuer told of them, and no gateway ever let one through. */
  readonly keysMadeUp: number;
  /** Accounts that those keys belong to. */
  readonly accounts: number;
  readonly requests: number;
  readonly denied: number;
  /** Requests among them with keys that the gateways do not know. */
  readonly unknownRequests: number;
  /** Up to five of the keys. */
  readonly keyIds: readonly string[];
}

/** The secret of a key of ours was found where it should not be. */
export interface LeakFacts {
  readonly key: KeyRecord;
  /** Who reported it, such as `github`. */
  readonly feed: string;
  /** What the feed takes the secret for; text of a stranger. */
  readonly secretType: string;
  /** Where it was found; text of a stranger, without the secret. */
  readonly place: string;
  /** When the report came, epoch ms. */
  readonly reportedAt: number;
}
