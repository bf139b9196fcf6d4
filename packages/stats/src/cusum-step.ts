/**
 * One step of Page's one-sided cumulative sum: what exceeds `slack` piles up, what falls short wears it off
 * (Page 1954, "Continuous Inspection Schemes", Biometrika 41). It sees a small lasting rise that no single
 * point shows. With standardised input, slack 0.5 is best against a rise of one standard deviation, and a limit of
 * 5 then gives a false alarm every 930 steps (Montgomery, "Introduction to Statistical Quality Control", 9.1).
 *
 * @param sum what came out of the step before, 0 at the start
 * @param deviation standardised deviation of this step from its expectation
 * @param slack deviation per step that is tolerated for ever, >= 0
 * @returns the new sum, >= 0
 */
export function cusumStep(sum: number, deviation: number, slack: number): number {
  return Math.max(0, sum + deviation - slack);
}
