export { binomialInterval } from './binomial-interval.ts';
export { binomialUpperTail } from './binomial-tail.ts';
export { chiSquareUpperTail } from './chi-square-tail.ts';
export { cusumStep } from './cusum-step.ts';
export { fisherCombination } from './fisher-combination.ts';
export { type GTest, gTest } from './g-test.ts';
export { logRegularisedBeta } from './log-regularised-beta.ts';
export { logRegularisedGamma } from './log-regularised-gamma.ts';
export { negativeBinomialLowerTail, negativeBinomialUpperTail } from './negative-binomial-tail.ts';
export { poissonLowerTail, poissonUpperTail } from './poisson-tail.ts';
export {
  createSeriesModel,
  defaultThreshold,
  type Judgement,
  messageSurprise,
  restoreSeriesModel,
  type SeriesModel,
  type SeriesModelState,
  scoreOfSurprise,
  seriesValueMax,
} from './series/series-model.ts';
export { shannonEntropy } from './shannon-entropy.ts';
export { studentTUpperTail } from './student-t-tail.ts';
export { surpriseOfLog } from './surprise.ts';
