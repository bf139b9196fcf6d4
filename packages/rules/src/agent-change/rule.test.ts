import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, aNewAgent, aNewNetwork, describeRule, judge } from '../testing/index.ts';
import { agentChange } from './rule.ts';

const shown = (changes: Parameters<typeof aNewAgent>[0] = {}) => aKeySeen({ agents: [aNewAgent(changes)] });

describeRule(agentChange, {
  fires: { 'curl, where it was always the library': shown() },
  staysQuiet: {
    'the usual agent': aKeySeen(),
    'a new agent that is not used now': shown({ fresh: false }),
    'a key that shows new agents all the time': shown({ surpriseOfNews: 0.3 }),
    'a new agent that comes from a new network': aKeySeen({
      agents: [aNewAgent()],
      networks: [aNewNetwork()],
    }),
  },
  knownGaps: { 'a client that is written anew': [shown({ surpriseOfValue: 2 }), 'fire'] },
});

test('it opens no incident alone, and an agent that more kin use never says more', () => {
  const surprise = fc.double({ min: 0, max: 6, noNaN: true });
  fc.assert(
    fc.property(surprise, surprise, surprise, (own, value, less) => {
      const score = (surpriseOfValue: number) => {
        const verdict = judge(agentChange, shown({ surpriseOfNews: own, surpriseOfValue }));
        return verdict.kind === 'fire' ? verdict.score : 0;
      };
      expect(score(value)).toBeLessThan(3.75);
      expect(score(Math.max(0, value - less))).toBeLessThanOrEqual(score(value));
    }),
  );
});
