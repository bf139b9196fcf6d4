import * as z from 'zod';
import { defineRule, fire, quiet, severityOf } from '../define-rule.ts';

/**
 * Fires when a key is used, from where it is at home, by an agent that it never showed.
 *
 * An application speaks through its library, release after release; a person at its machine speaks through curl. That
 * new agents come from new networks is told there. Versions are no news, only another product is.
 */
export const agentChange = defineRule({
  id: 'agent-change',
  version: 1,
  title: 'Key is used by an agent that it never showed',
  group: 'source',
  attack: ['T1078.004'],
  owasp: ['API2:2023'],
  params: z.strictObject({
    newsWeight: z
      .number()
      .min(0)
      .max(1)
      .default(0.6)
      .describe('weight of how seldom the key shows a new agent'),
    kinWeight: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('weight of how rare the agent is among its kin'),
    scoreMin: z.number().positive().default(1.5).describe('-log10 of the chance below which it stays quiet'),
    scoreMax: z.number().positive().default(3.5).describe('most that it may say: an agent is easily changed'),
  }),
  evaluate({ news }, { newsWeight, kinWeight, scoreMin, scoreMax }) {
    if (news.networks.length > 0) return quiet;
    let score = 0;
    let worst = news.agents[0];
    for (const agent of news.agents) {
      if (!agent.fresh) continue;
      const own = newsWeight * agent.surpriseOfNews + kinWeight * Math.min(3, agent.surpriseOfValue);
      // In a key's first hours everything is new, and what is rare among its kin says little.
      const total = Math.min(scoreMax, own * Math.min(1, agent.surpriseOfNews));
      if (total > score) [score, worst] = [total, agent];
    }
    if (!worst || score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'low'),
      observed: { agent: worst.use.family, requests: worst.requests },
      expected: {},
    });
  },
});
