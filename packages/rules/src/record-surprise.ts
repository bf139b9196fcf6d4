/**
 * -log10 of the chance that a window beats the record of `windows` past ones by this factor, when high windows
 * follow a Pareto tail: a new record has chance 1/(n+1), one c times as high c^-tail of that (Coles 2001, "An
 * Introduction to Statistical Modeling of Extreme Values", chapters 3 and 4). 0 when it is no record.
 */
export function recordSurprise(observed: number, peak: number, windows: number, tail: number): number {
  if (observed <= peak) return 0;
  return Math.log10(windows + 1) + tail * Math.log10(observed / Math.max(1, peak));
}
