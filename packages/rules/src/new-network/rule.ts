import * as z from 'zod';
import { defineRule, fire, quiet, severityOf } from '../define-rule.ts';

/**
 * Fires when a key is used from a network that it was never used from.
 *
 * An address that moves within its provider says little, a provider the key never came from says more, a new country
 * on top more still. Keys that roam (serverless pools, office NAT) show new networks often and are judged by that.
 * A new place alone never wakes anybody: it is one signal that adds to others.
 */
export const newNetwork = defineRule({
  id: 'new-network',
  version: 1,
  title: 'Key is used from a network it never came from',
  group: 'source',
  attack: ['T1078.004', 'T1550.001'],
  owasp: ['API2:2023'],
  params: z.strictObject({
    scoreMin: z.number().positive().default(2).describe('-log10 of the chance below which it stays quiet'),
    sameProviderWeight: z
      .number()
      .min(0)
      .max(1)
      .default(0.4)
      .describe('weight of a new network of a known provider'),
    countryBonus: z.number().min(0).default(0.5).describe('added when the country is new as well'),
    agentWeight: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('weight of an agent that is new at the same time'),
  }),
  evaluate({ news }, { scoreMin, sameProviderWeight, countryBonus, agentWeight }) {
    let score = 0;
    let worst = news.networks[0];
    for (const network of news.networks) {
      const { providerKnown, countryKnown } = network.use;
      const own = network.surpriseOfNews * (providerKnown ? sameProviderWeight : 1);
      const value = providerKnown ? 0 : Math.min(1, own) * Math.min(1.5, network.surpriseOfValue);
      const networkScore = own + value + (countryKnown ? 0 : countryBonus);
      if (networkScore > score) [score, worst] = [networkScore, network];
    }
    if (!worst) return quiet;
    const agent = news.agents.find((other) => other.fresh);
    const total = score + (agent ? agentWeight * agent.surpriseOfNews : 0);
    if (total < scoreMin) return quiet;
    return fire({
      score: total,
      severity: severityOf(total, 'medium'),
      observed: {
        networks_new: news.networks.length,
        requests: news.networks.reduce((sum, network) => sum + network.requests, 0),
        country: worst.use.country,
        provider: worst.use.provider,
        agent_new: agent !== undefined,
      },
      expected: { provider_known: worst.use.providerKnown, country_known: worst.use.countryKnown },
      samples: news.networks.slice(0, 5).map(({ use, requests }) => ({
        client_ip: use.ip,
        network: use.network,
        provider: use.provider,
        country: use.country,
        requests,
      })),
    });
  },
});
