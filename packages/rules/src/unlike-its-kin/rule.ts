import * as z from 'zod';
import { defineRule, fire, quiet, severityOf } from '../define-rule.ts';

const hourMs = 3_600_000;

/**
 * Fires when a key in its first day is used unlike any other key of its application.
 *
 * A key that is stolen before its owner uses it has no past to differ from. Its kin have: they speak through one
 * library, to the same few endpoints. Agent, endpoints and provider count by how rare each is among them; somebody who
 * tries a key by hand differs in one of them and makes few requests.
 */
export const unlikeItsKin = defineRule({
  id: 'unlike-its-kin',
  version: 1,
  title: 'New key is used unlike its kin',
  group: 'endpoints',
  attack: ['T1078.004', 'T1528'],
  owasp: ['API2:2023', 'API5:2023'],
  params: z.strictObject({
    youngHours: z
      .number()
      .positive()
      .default(24)
      .describe('age up to which a key is judged by its kin, hours'),
    kinMin: z.int().positive().default(3).describe('other keys of the application that there must be'),
    requestsMin: z.int().positive().default(20).describe('requests below which somebody may be trying it'),
    providerWeight: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('weight of the provider: customers of one application live with many'),
    scoreMin: z.number().positive().default(2.5).describe('-log10 of the chance below which it stays quiet'),
    scoreMax: z.number().positive().default(6).describe('most that it may say'),
  }),
  evaluate({ news, history, habits, at }, params) {
    if (at - history.firstSeenAt > params.youngHours * hourMs || history.requests < params.requestsMin)
      return quiet;
    if (habits.kin < params.kinMin) return quiet;
    const agent = highest(news.agents.filter(({ fresh }) => fresh).map((one) => one.surpriseOfValue));
    const provider = highest(news.networks.map((one) => one.surpriseOfValue));
    const endpoints = news.endpoints.filter(({ fresh }) => fresh).map((one) => one.surpriseOfValue);
    // All that it does has to be unlike: one usual endpoint makes it kin.
    const endpoint = endpoints.length > 0 ? Math.min(...endpoints) : 0;
    const score = Math.min(params.scoreMax, agent + endpoint + params.providerWeight * provider);
    if (score < params.scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'medium'),
      observed: {
        requests: history.requests,
        agent: round(agent),
        endpoints: round(endpoint),
        provider: round(provider),
      },
      expected: { kin: habits.kin },
      samples: news.endpoints
        .slice(0, 5)
        .map(({ use, requests }) => ({ method: use.method, route: use.route, requests })),
    });
  },
});

const highest = (surprises: readonly number[]) => Math.max(0, ...surprises);
const round = (value: number) => Math.round(value * 10) / 10;
