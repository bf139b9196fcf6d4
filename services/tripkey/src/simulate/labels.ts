import type { Severity } from '@tripkey/contract';
import type { AttackKind } from './attacks/kinds.ts';

/** An attack that is in the traffic. */
export interface Incident {
  /** The attacked key; null when the attack is on many. */
  readonly key_id: string | null;
  readonly type: AttackKind;
  /** First and last request of the attack, RFC 3339; of a silence, when it begins and ends. */
  readonly start: string;
  readonly end: string;
  readonly severity: Severity;
  /** The attacker's address, where one address attacks many keys. */
  readonly ip?: string;
  /** How many requests the attack made. */
  readonly requests: number;
}

/** Something unusual that is nobody's attack. */
export interface Benign {
  readonly type: string;
  readonly start: string;
  readonly end: string;
  readonly key_id?: string;
  readonly app_id?: string;
  /** What changed, for people. */
  readonly detail?: string;
}

/** What is true about a simulated history. */
export interface Labels {
  readonly start: string;
  readonly attack_from: string;
  readonly days: number;
  readonly keys: number;
  readonly seed: number;
  /** Known once all events were made. */
  events?: number;
  readonly benign: readonly Benign[];
  readonly incidents: readonly Incident[];
  /** Attacks that were asked for and for which no key was suited. */
  readonly skipped: readonly { readonly type: AttackKind; readonly reason: string }[];
}

export function isoTime(at: number): string {
  return new Date(at).toISOString();
}
