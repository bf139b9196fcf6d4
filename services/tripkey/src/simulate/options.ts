import { UsageError } from '../usage-error.ts';
import { type AttackKind, attackKinds } from './attacks/kinds.ts';
import { dayMs, hourMs } from './calendar/durations.ts';

export interface SimulationOptions {
  /** Equal options give equal traffic. */
  readonly seed: number;
  /** First moment, RFC 3339. */
  readonly start: string;
  readonly days: number;
  /** Keys in all, successors of rotated keys included. */
  readonly keys: number;
  /** Default: every kind, about once for every 60 keys. A list may name a kind several times. */
  readonly attacks?: 'none' | 'default' | readonly AttackKind[];
  /** No attack begins before this day (0 is the first). Default: two thirds of the days. */
  readonly attackFromDay?: number;
  /** Mean requests a key makes a day, over all keys. Default 400. */
  readonly eventsPerKeyDay?: number;
  /** Releases, outages, moves and other things that are odd and harmless. Default true. */
  readonly disturbances?: boolean;
}

/** The same with every default filled in and times in epoch ms. */
export interface SimulationPlan {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly days: number;
  readonly keys: number;
  readonly attacks: readonly AttackKind[];
  readonly attackFrom: number;
  readonly eventsPerKeyDay: number;
  readonly disturbances: boolean;
}

const keysMax = 200_000;
const daysMax = 1000;
const keysPerDefaultAttack = 60;

/** Attacks need room at the end to be played out in. */
const attackRoomMsMin = 6 * hourMs;

/** @throws {UsageError} naming the first option that makes no sense. */
export function planOf(options: SimulationOptions): SimulationPlan {
  const { seed, days, keys, eventsPerKeyDay = 400, disturbances = true } = options;
  const from = Date.parse(options.start);
  if (!Number.isSafeInteger(seed)) throw new UsageError(`seed ${seed} is not a whole number`);
  if (Number.isNaN(from))
    throw new UsageError(`start ${options.start} is not a time such as 2026-03-02T00:00:00Z`);
  between('days', days, 0, daysMax);
  if (!Number.isInteger(keys)) throw new UsageError(`keys ${keys} is not a whole number`);
  between('keys', keys, 0, keysMax);
  between('events per key and day', eventsPerKeyDay, 0, 1_000_000);
  const attacks = kindsOf(options.attacks ?? 'default', keys);
  const to = from + Math.round(days * dayMs);
  const fromDay = options.attackFromDay ?? Math.floor((days * 2) / 3);
  const attackFrom = from + Math.round(fromDay * dayMs);
  if (fromDay < 0 || (attacks.length > 0 && attackFrom > to - attackRoomMsMin)) {
    throw new UsageError(`attacks from day ${fromDay} on leave no room in ${days} days`);
  }
  return { seed, from, to, days, keys, attacks, attackFrom, eventsPerKeyDay, disturbances };
}

function kindsOf(asked: NonNullable<SimulationOptions['attacks']>, keys: number): readonly AttackKind[] {
  if (asked === 'none') return [];
  if (asked === 'default') {
    const rounds = Math.max(1, Math.round(keys / keysPerDefaultAttack));
    return Array.from({ length: rounds }, () => attackKinds).flat();
  }
  const unknown = asked.find((kind) => !attackKinds.includes(kind));
  if (unknown !== undefined) {
    throw new UsageError(`there is no attack ${unknown}; there are ${attackKinds.join(', ')}`);
  }
  return asked;
}

function between(name: string, value: number, above: number, max: number): void {
  if (!(value > above && value <= max))
    throw new UsageError(`${name} must be above ${above}, at most ${max}`);
}
