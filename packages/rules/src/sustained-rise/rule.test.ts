import { aKeySeen, describeRule } from '../testing/index.ts';
import { sustainedRise } from './rule.ts';

describeRule(sustainedRise, {
  fires: {
    'ten times the sum of any rise before': aKeySeen({ drift: { sum: 40, peak: 4 } }),
  },
  staysQuiet: {
    'an ordinary day': aKeySeen({ drift: { sum: 3 } }),
    'a rise like others before it': aKeySeen({ drift: { sum: 30, peak: 25 } }),
    'a key that is not in use now': aKeySeen({ drift: { sum: 40 }, fresh: { requests: 0 } }),
  },
  cannotTell: {
    'a key of five days': [
      aKeySeen({ drift: { sum: 40, windows: 480 } }),
      'needs 672 quarter hours of history',
    ],
  },
  knownGaps: {
    'a new customer doubles the traffic for good': [aKeySeen({ drift: { sum: 40, peak: 4 } }), 'fire'],
  },
});
