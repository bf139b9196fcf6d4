import type { Severity } from '@tripkey/contract';
import type { Call } from '../keys/call.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';
import type { Random } from '../random/random.ts';
import type { Span } from '../timing/arrivals.ts';
import type { World } from '../world.ts';
import type { AttackKind } from './kinds.ts';

/** One way in which a key is abused. */
export interface Attack {
  readonly kind: AttackKind;
  readonly severity: Severity;
  /** How long before the end it has to begin, at least, ms. */
  readonly roomMs: number;
  /** Whether it makes sense on this key at this moment. */
  suits(key: SimulatedKey, at: number): boolean;
  /** Plays it; null when it cannot be played at this moment after all. */
  play(scene: Scene): Played | null;
}

export interface Scene {
  readonly victim: SimulatedKey;
  /** When it begins, epoch ms; some attacks wait for their hour. */
  readonly at: number;
  /** Nothing happens from here on. */
  readonly until: number;
  readonly random: Random;
  readonly world: World;
}

export interface Played {
  /** Ascending. */
  readonly calls: readonly Call[];
  /** The time in which the owner's calls are missing. */
  readonly silence?: Span;
  /** The one address from which many keys are tried. */
  readonly ip?: string;
}

/** Keys whose owners use them in the usual way. */
export function isAtWork(key: SimulatedKey, at: number): boolean {
  return (
    (key.fate === 'steady' || key.fate === 'successor') && at > key.life.usedFrom && at < key.life.usedTo
  );
}
