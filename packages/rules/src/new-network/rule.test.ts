import { expect, test } from 'vitest';
import { aKeySeen, aNewAgent, aNewNetwork, describeRule, judge } from '../testing/index.ts';
import { newNetwork } from './rule.ts';

describeRule(newNetwork, {
  fires: {
    'a settled key comes from a new provider': aKeySeen({ networks: [aNewNetwork()] }),
    'and with a new agent': aKeySeen({
      networks: [aNewNetwork({ surpriseOfNews: 1.4 })],
      agents: [aNewAgent()],
    }),
  },
  staysQuiet: {
    'nothing new': aKeySeen(),
    'another address of its provider': aKeySeen({
      networks: [aNewNetwork({ providerKnown: true, countryKnown: true })],
    }),
    'a key that roams': aKeySeen({ networks: [aNewNetwork({ surpriseOfNews: 0.3 })] }),
    'a new agent alone': aKeySeen({ agents: [aNewAgent()] }),
  },
  knownGaps: {
    'an application that moves house': [aKeySeen({ networks: [aNewNetwork()] }), 'fire'],
  },
});

test('a place alone never pages as more than medium', () => {
  const verdict = judge(
    newNetwork,
    aKeySeen({ networks: [aNewNetwork({ surpriseOfNews: 50, surpriseOfValue: 50 })], agents: [aNewAgent()] }),
  );
  expect(verdict).toMatchObject({ kind: 'fire', severity: 'medium' });
});
