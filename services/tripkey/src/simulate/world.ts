import type { SimulatedKey } from './keys/simulated-key.ts';
import type { Span } from './timing/arrivals.ts';

/** A rise of the whole fleet. */
export interface Swell extends Span {
  readonly factor: number;
}

/** A resource of the API that fails for everybody. */
export interface Trouble extends Span {
  /** Null: every resource. */
  readonly resource: string | null;
  /** Share of the calls that fail. */
  readonly share: number;
}

/** A gateway instance that cannot deliver its events and does so later. */
export interface Outage extends Span {
  readonly gateway: number;
  /** By when everything held back is delivered, epoch ms. */
  readonly caughtUpAt: number;
}

/** Everything the traffic comes out of. */
export interface World {
  readonly seed: string;
  readonly span: Span;
  readonly gateways: readonly string[];
  readonly keys: SimulatedKey[];
  readonly swells: Swell[];
  readonly troubles: Trouble[];
  readonly outages: Outage[];
}
