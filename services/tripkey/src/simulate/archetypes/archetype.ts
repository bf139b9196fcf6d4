import type { Rhythm } from '../calendar/weekly-shape.ts';
import type { AddressStyle } from '../catalogue/address-pool.ts';
import type { AgentName } from '../catalogue/agents.ts';
import type { ProviderKind } from '../catalogue/providers.ts';
import type { Call } from '../keys/call.ts';
import type { Use } from '../keys/endpoint-mix.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';
import type { Random } from '../random/random.ts';
import type { Span } from '../timing/arrivals.ts';

/** What software a key lives in, and where that runs. */
export interface Client {
  readonly agents: readonly AgentName[];
  readonly provider: ProviderKind;
  readonly styles: readonly AddressStyle[];
}

/** A kind of integration: what it calls, how much, when. */
export interface Archetype {
  readonly name: string;
  /** How common it is among apps, relative. */
  readonly share: number;
  readonly rhythm: Rhythm;
  /** Log-normal over keys. */
  readonly requestsPerDay: { readonly median: number; readonly sigma: number };
  /** False where the amount follows from the job and not from how large the customer is. */
  readonly scales: boolean;
  /** True where people notice when it stops: something always comes in while they are awake. */
  readonly isFlow: boolean;
  /** What is left on a holiday, 0 to 1. */
  readonly closedShare: number;
  /** How much of a rise of the whole fleet reaches it, 0 to 1. */
  readonly swellShare: number;
  /** Standard deviation of the logarithm of whole days. */
  readonly dayNoise: number;
  readonly uses: readonly Use[];
  readonly clients: readonly Client[];
  /** The owner's calls: ascending batches that begin one after the other; may run over the end of the span. */
  traffic(parts: TrafficParts): Generator<readonly Call[]>;
}

export interface TrafficParts {
  readonly key: SimulatedKey;
  readonly span: Span;
  readonly random: Random;
}
