import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, aNewAgent, aNewEndpoint, aNewNetwork, describeRule, judge } from '../testing/index.ts';
import { unlikeItsKin } from './rule.ts';

const now = aKeySeen().at;

/** A key in its first minutes, by how rare its agent, endpoints and provider are among its kin. */
function young(
  { agent = 1.5, endpoint = 1, provider = 1.2 } = {},
  changes: Parameters<typeof aKeySeen>[0] = {},
) {
  return aKeySeen({
    history: { firstSeenAt: now - 60_000, lastSeenAt: null, requests: 100, activeDays: 1 },
    agents: [aNewAgent({ surpriseOfNews: 0.2, surpriseOfValue: agent })],
    endpoints: [aNewEndpoint({ surpriseOfNews: 0.2, surpriseOfValue: endpoint })],
    networks: [aNewNetwork({ surpriseOfNews: 0.2, surpriseOfValue: provider })],
    ...changes,
  });
}

describeRule(unlikeItsKin, {
  fires: { 'another agent, other endpoints, from elsewhere': young() },
  staysQuiet: {
    'a customer of the application, from a provider of his own': young({ agent: 0.1, endpoint: 0.1 }),
    'a developer who tries it by hand': young({ endpoint: 0.1 }),
    'a few requests': young({}, { history: { firstSeenAt: now - 60_000, requests: 8 } }),
    'the same after a week: it has a past of its own': young(
      {},
      { history: { firstSeenAt: now - 7 * 86_400_000, requests: 100 } },
    ),
    'an application with two keys': young({}, { habits: { kin: 1 } }),
    'odd endpoints beside a usual one': young(
      {},
      {
        endpoints: [aNewEndpoint({ surpriseOfValue: 2 }), aNewEndpoint({ surpriseOfValue: 0.1 })],
        agents: [aNewAgent({ surpriseOfValue: 1 })],
      },
    ),
  },
  knownGaps: {
    'a thief who copies the agent and keeps to usual endpoints': [
      young({ agent: 0, endpoint: 0.1 }),
      'quiet',
    ],
  },
});

test('what is rarer among kin never says less', () => {
  const surprise = fc.double({ min: 0, max: 4, noNaN: true });
  fc.assert(
    fc.property(surprise, surprise, surprise, surprise, (agent, endpoint, provider, more) => {
      if (judge(unlikeItsKin, young({ agent, endpoint, provider })).kind !== 'fire') return;
      expect(judge(unlikeItsKin, young({ agent: agent + more, endpoint, provider })).kind).toBe('fire');
      expect(judge(unlikeItsKin, young({ agent, endpoint: endpoint + more, provider })).kind).toBe('fire');
    }),
  );
});
