import * as z from 'zod';
import { defineRule, fire, quiet, severityOf } from '../define-rule.ts';

/**
 * Fires when a key is used within one hour from two places that have neither country nor provider in common, at least
 * one of which is new to it.
 *
 * That a client moves is told by a new network alone; that two clients work at the same time takes two holders of the
 * key. One difference is never enough: phones change networks, proxies change cities. How rare it is comes from the
 * key's own hours and, while it has none, from those of its kin; so it speaks of a key that has no history at all.
 */
export const twoPlacesAtOnce = defineRule({
  id: 'two-places-at-once',
  version: 1,
  title: 'Key is used from two distant places at once',
  group: 'source',
  attack: ['T1078.004', 'T1550.001'],
  owasp: ['API2:2023'],
  params: z.strictObject({
    agentWeight: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('weight of an agent that is new at the same time'),
    scoreMin: z.number().positive().default(2).describe('-log10 of the chance below which it stays quiet'),
  }),
  evaluate({ habits, news }, { agentWeight, scoreMin }) {
    const { places } = habits;
    if (!places || news.networks.length === 0) return quiet;
    const agent = news.agents.find((other) => other.fresh);
    const score = places.surprise + (agent ? agentWeight * agent.surpriseOfValue : 0);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'medium'),
      observed: {
        countries: [...places.countries],
        providers: [...places.providers],
        requests: [...places.requests],
        agent_new: agent !== undefined,
      },
      expected: { hours_in_history: Math.round(places.hours) },
    });
  },
});
