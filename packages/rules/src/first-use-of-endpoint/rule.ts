import * as z from 'zod';
import { defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import type { EndpointUse, Novelty } from '../facts.ts';
import { sensitivityOf } from '../sensitivity.ts';

/**
 * Fires when a key calls endpoints that it has never called.
 *
 * How surprising that is depends on the key (how often does it try anything new?), on its peers (does everybody else
 * call this?) and on what is touched. A release that gives a whole application a new endpoint is news for the first
 * key and none for the tenth. It adds to other signals and wakes nobody alone; whether the calls look like somebody
 * else's is for `mix-shift` to say.
 */
export const firstUseOfEndpoint = defineRule({
  id: 'first-use-of-endpoint',
  version: 2,
  title: 'Key uses endpoints it never used before',
  group: 'endpoints',
  attack: ['T1528', 'T1526'],
  owasp: ['API5:2023'],
  params: z.strictObject({
    scoreMin: z.number().positive().default(2.5).describe('-log10 of the chance below which it stays quiet'),
    furtherWeight: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('weight of each endpoint after the most surprising'),
    ungrantedBonus: z
      .number()
      .min(0)
      .default(0.5)
      .describe('added for an endpoint that the scopes do not cover'),
    scoreMost: z
      .number()
      .positive()
      .default(3.5)
      .describe('most that first uses count for: alone they wake nobody'),
    mostWithoutEvidence: z
      .number()
      .positive()
      .default(1.5)
      .describe('most where nothing says that somebody else calls (`mix.evidence` is 0)'),
    furtherMax: z.number().positive().default(4).describe('most that the further endpoints may add'),
  }),
  evaluate(
    { at, news, history, mix },
    { scoreMin, furtherWeight, furtherMax, ungrantedBonus, scoreMost, mostWithoutEvidence },
  ) {
    const endpoints = news.endpoints;
    if (!endpoints.some((endpoint) => endpoint.fresh)) return quiet;
    const surprises = endpoints
      .map((endpoint) => surpriseOf(endpoint, ungrantedBonus) / (1 + endpoint.peersStarting))
      .sort((a, b) => b - a);
    const [first = 0, ...further] = surprises;
    const released = Math.min(...endpoints.map((endpoint) => endpoint.peersStarting));
    const surpriseOfNews = (endpoints[0]?.surpriseOfNews ?? 0) / (1 + released);
    // Where a key shows news all the time (its first hours), what its peers do says little either.
    const trust = Math.min(1, surpriseOfNews);
    const rest = Math.min(furtherMax, furtherWeight * further.reduce((sum, surprise) => sum + surprise, 0));
    // What is still news after an hour was flagged when it was first used: it needs no further evidence.
    const isFlagged = endpoints.some((endpoint) => endpoint.fresh && at - endpoint.firstSeenAt > 3_600_000);
    const most = isFlagged ? scoreMost : Math.min(scoreMost, mostWithoutEvidence + 3 * mix.evidence);
    const score = Math.min(most, surpriseOfNews + trust * (first + rest));
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'high'),
      observed: {
        endpoints_new: endpoints.length,
        requests: endpoints.reduce((sum, endpoint) => sum + endpoint.requests, 0),
        denied: endpoints.reduce((sum, endpoint) => sum + endpoint.denied, 0),
      },
      expected: { endpoints_new: 0, requests_in_history: history.requests },
      samples: endpoints.slice(0, 5).map((endpoint) => ({
        method: endpoint.use.method,
        route: endpoint.use.route,
        requests: endpoint.requests,
      })),
    });
  },
});

function surpriseOf(endpoint: Novelty<EndpointUse>, ungrantedBonus: number): number {
  const ungranted = endpoint.use.granted === false ? ungrantedBonus : 0;
  return endpoint.surpriseOfValue * sensitivityOf(endpoint.use) + ungranted;
}
