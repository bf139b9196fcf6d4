import type { AmountFacts, DriftFacts } from './facts.ts';

/** What a key is used to besides its amounts and values. */
export interface HabitFacts {
  /** Different values used in the current hour of arrivals, against the key's past active hours. */
  readonly breadth: Readonly<Record<'endpoints' | 'networks', AmountFacts>>;
  /** The last 60 minutes, when the key is usually at rest then; null at other times. */
  readonly quietHour: QuietHourFacts | null;
  /** Cumulative sum of how far quarter hours lie below expectation; what all keys share is out. */
  readonly decline: DriftFacts;
  readonly trend: TrendFacts;
  /** Two distant places from which the key was used within the current hour; null when there are none. */
  readonly places: PlacesFacts | null;
  /** Requests of the lineage in the calendar month (UTC) of its newest one. */
  readonly month: { readonly requests: number };
  /** What a key does in its first day; null when it is older. */
  readonly birth: BirthFacts | null;
  /** Other keys of its application. */
  readonly kin: number;
  /** Share of all requests of the last half hour that broke the server. */
  readonly fleetErrorShare: number;
}

/** How odd a key is in its first day among the others, by what it uses just now; surprises are -log10 of a chance. */
export interface BirthFacts {
  /** The provider that is meant by `surpriseOfPlace`. */
  readonly place: string;
  /** Some of the endpoints. */
  readonly endpoints: readonly { readonly method: string; readonly route: string }[];
  /** That a key is in its first day. */
  readonly surpriseOfYouth: number;
  /** That a key begins at a provider that so few others use; of the rarest. */
  readonly surpriseOfPlace: number;
  /** That a key has an agent that so few others have; of the rarest. */
  readonly surpriseOfAgent: number;
  /** That a key uses an endpoint that so few others use; of the most usual. */
  readonly surpriseOfEndpoints: number;
}

/** Requests in an hour in which little or nothing is usual. */
export interface QuietHourFacts {
  readonly observed: number;
  readonly expected: number;
  /** Past hours of rest, how many of them were not quite still, and the busiest of them. */
  readonly hours: number;
  readonly used: number;
  readonly peak: number;
}

/** Cumulative sum of how far days lie above a long anchor, in standard deviations of the logarithm. */
export interface TrendFacts {
  readonly sum: number;
  /** Highest sum of past rises, forgetting slowly. */
  readonly peak: number;
  /** Closed days behind it. */
  readonly days: number;
  /** When the last day was closed, epoch ms; 0 when none was judged. */
  readonly closedAt: number;
  /** Requests of that day, and what its anchor and weekday lead one to expect. */
  readonly requests: number;
  readonly usual: number;
}

/** Two places whose countries and providers differ, by the order of their first use in the hour. */
export interface PlacesFacts {
  /** -log10 of the chance that an active hour shows such a key at two distant places. */
  readonly surprise: number;
  /** Past active hours of the key that this rests on, beside its kin's. */
  readonly hours: number;
  readonly countries: readonly [string, string];
  readonly providers: readonly [string, string];
  readonly requests: readonly [number, number];
}
