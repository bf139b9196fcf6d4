const dayMs = 86_400_000;

/**
 * Whether advice is due: something has lasted for `afterDays`, or for a whole number of `everyDays` more, since it was
 * looked at last. So it is said once, and again now and then, without a memory of what was said.
 * @param since when it began, epoch ms
 */
export function adviceDue(
  since: number,
  { windowFrom, at }: { readonly windowFrom: number; readonly at: number },
  afterDays: number,
  everyDays: number,
): boolean {
  const times = (now: number) => Math.floor((now - since - afterDays * dayMs) / (everyDays * dayMs));
  return times(at) >= 0 && times(at) > times(windowFrom);
}

/** Whole days between two times. */
export function daysBetween(from: number, to: number): number {
  return Math.floor((to - from) / dayMs);
}
