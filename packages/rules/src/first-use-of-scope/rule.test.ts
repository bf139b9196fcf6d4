import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, aNewScope, describeRule, judge } from '../testing/index.ts';
import { firstUseOfScope } from './rule.ts';

const used = (changes: Parameters<typeof aNewScope>[0] = {}) => aKeySeen({ scopes: [aNewScope(changes)] });

describeRule(firstUseOfScope, {
  fires: { 'exports, for the first time after two months': used() },
  staysQuiet: {
    'scopes in daily use': aKeySeen(),
    'a scope that came with the key, last week': used({ heldDays: 7 }),
    'a key that tries something new every day': used({ surpriseOfNews: 0.4 }),
    'a release that all keys of the application start with': used({ peersStarting: 3 }),
    'one that was used first before now': used({ fresh: false }),
  },
  knownGaps: { 'the first export of the year': [used({ heldDays: 300 }), 'fire'] },
});

test('a scope that was held for longer never says less', () => {
  const days = fc.double({ min: 0, max: 2_000, noNaN: true });
  fc.assert(
    fc.property(days, days, (held, more) => {
      if (judge(firstUseOfScope, used({ heldDays: held })).kind !== 'fire') return;
      expect(judge(firstUseOfScope, used({ heldDays: held + more })).kind).toBe('fire');
    }),
  );
});
