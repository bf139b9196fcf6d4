import { chiSquareUpperTail } from './chi-square-tail.ts';

/**
 * Combines the surprises of independent tests of one question into one: -2 sum ln p is chi-square with two degrees
 * of freedom a test (Fisher 1932, "Statistical Methods for Research Workers", 21.1). Tests that share their
 * cause must be merged before: together they would count it twice.
 *
 * @param surprises -log10 p of each test, >= 0; none gives 0
 * @returns -log10 of the combined p
 */
export function fisherCombination(surprises: readonly number[]): number {
  if (surprises.length === 0) return 0;
  let sum = 0;
  for (const surprise of surprises) sum += surprise;
  return chiSquareUpperTail(2 * Math.LN10 * sum, 2 * surprises.length);
}
