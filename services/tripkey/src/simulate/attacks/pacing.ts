import type { Random } from '../random/random.ts';

/** Moments with exponential gaps, none of them at or after `until`. */
export function paced(
  random: Random,
  { from, count, gapMs, until }: { from: number; count: number; gapMs: number; until: number },
): number[] {
  const out: number[] = [];
  for (let at = from; at < until && out.length < count; at += random.exponential(gapMs)) out.push(at);
  return out;
}

/** A number of moments, evenly likely anywhere between two; ascending, the first one at the begin. */
export function spread(random: Random, from: number, to: number, count: number): number[] {
  const out = [from];
  while (out.length < count) out.push(random.between(from, to));
  return out.sort((a, b) => a - b);
}
