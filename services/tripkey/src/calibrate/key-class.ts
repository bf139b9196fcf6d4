import type { KeyFacts } from '@tripkey/rules';

/** Kinds of keys whose scores are compared apart. */
export const keyClasses = ['sparse', 'steady', 'bursty', 'busy'] as const;
export type KeyClass = (typeof keyClasses)[number];

/** Requests a day below which a key is sparse, and from which it is busy. */
export const sparseBelow = 50;
export const busyFrom = 2_000;
/** Pareto tail index of its busy windows below which a key in between is bursty. */
export const burstyBelow = 2;

const dayMs = 86_400_000;

/** The class of a key by its past: its requests a day since it was first seen, and how heavy its bursts are. */
export function keyClassOf({ at, history, volume }: Pick<KeyFacts, 'at' | 'history' | 'volume'>): KeyClass {
  const perDay = history.requests / Math.max(1, (at - history.firstSeenAt) / dayMs);
  if (perDay < sparseBelow) return 'sparse';
  if (perDay >= busyFrom) return 'busy';
  return volume.tailIndex < burstyBelow ? 'bursty' : 'steady';
}
