import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlacesFacts } from '../habit-facts.ts';
import { aKeySeen, aNewAgent, aNewNetwork, describeRule, judge, judgeFire } from '../testing/index.ts';
import { twoPlacesAtOnce } from './rule.ts';

const places = (changes: Partial<PlacesFacts> = {}): PlacesFacts => ({
  surprise: 3,
  hours: 300,
  countries: ['DE', 'RO'],
  providers: ['AS64500', 'AS64511'],
  requests: [40, 3],
  ...changes,
});

const seen = (changes: Parameters<typeof aKeySeen>[0] = {}) =>
  aKeySeen({ habits: { places: places() }, networks: [aNewNetwork()], ...changes });

describeRule(twoPlacesAtOnce, {
  fires: {
    'home goes on while somebody else begins far away': seen(),
    'a key without history, whose kin never does that': seen({ habits: { places: places({ hours: 0 }) } }),
  },
  staysQuiet: {
    'one place': seen({ habits: {} }),
    'two places, both known': seen({ networks: [] }),
    'a field team that is in two countries every day': seen({
      habits: { places: places({ surprise: 0.3 }) },
    }),
  },
  knownGaps: { 'a developer abroad who tries the key by hand': [seen({ agents: [aNewAgent()] }), 'fire'] },
});

test('an agent that is new as well never makes it less', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 5, noNaN: true }), (surpriseOfValue) => {
      const alone = judgeFire(twoPlacesAtOnce, seen());
      const both = judgeFire(twoPlacesAtOnce, seen({ agents: [aNewAgent({ surpriseOfValue })] }));
      expect(both.score).toBeGreaterThanOrEqual(alone.score);
    }),
  );
});

test('the rarer it is among kin, the higher the score', () => {
  const surprise = fc.double({ min: 0, max: 6, noNaN: true });
  fc.assert(
    fc.property(surprise, surprise, (one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      if (judge(twoPlacesAtOnce, seen({ habits: { places: places({ surprise: less }) } })).kind !== 'fire')
        return;
      const verdict = judge(twoPlacesAtOnce, seen({ habits: { places: places({ surprise: more }) } }));
      expect(verdict.kind).toBe('fire');
    }),
  );
});
