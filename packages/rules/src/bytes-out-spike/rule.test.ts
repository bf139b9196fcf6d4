import { aKeySeen, amount, describeRule } from '../testing/index.ts';
import { bytesOutSpike } from './rule.ts';

const bytes = { peak: 300_000, logMean: 11.5, logDeviation: 0.6, windows: 500 };

describeRule(bytesOutSpike, {
  fires: {
    'thirty times the record': aKeySeen({ amounts: { bytesOut: amount({ ...bytes, observed: 9_000_000 }) } }),
  },
  staysQuiet: {
    'an ordinary window': aKeySeen({ amounts: { bytesOut: amount({ ...bytes, observed: 120_000 }) } }),
    'a high window below the record': aKeySeen({
      amounts: { bytesOut: amount({ ...bytes, observed: 290_000 }) },
    }),
    'a key whose amounts vary wildly': aKeySeen({
      amounts: { bytesOut: amount({ ...bytes, logDeviation: 2, observed: 9_000_000 }) },
    }),
  },
  cannotTell: {
    'a key of two hours': [
      aKeySeen({ amounts: { bytesOut: amount({ ...bytes, windows: 8, observed: 9_000_000 }) } }),
      'needs 12 active quarter hours',
    ],
  },
});
