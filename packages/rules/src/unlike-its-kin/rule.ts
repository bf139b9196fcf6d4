import * as z from 'zod';
import { defineRule, fire, quiet, severityOf } from '../define-rule.ts';

/**
 * Fires when a key in its first day is used unlike other keys.
 *
 * A key that is stolen before its owner uses it has no past to differ from. Others have: keys of one application speak
 * through one library, to the same few endpoints, and all of them from places where customers have their software. That
 * a key is young at all is rare, and may happen to it once: a chance that a rule has seldom says more when it comes.
 */
export const unlikeItsKin = defineRule({
  id: 'unlike-its-kin',
  version: 2,
  title: 'New key is used unlike its kin',
  group: 'endpoints',
  attack: ['T1078.004', 'T1528'],
  owasp: ['API2:2023', 'API5:2023'],
  params: z.strictObject({
    kinMin: z.int().min(0).default(1).describe('other keys of the application that there must be'),
    requestsMin: z.int().positive().default(20).describe('requests below which somebody may be trying it'),
    scoreMin: z.number().positive().default(2.5).describe('-log10 of the chance below which it stays quiet'),
    placeMin: z
      .number()
      .min(0)
      .default(1)
      .describe('how odd its provider has to be for its being young to count'),
    youthMax: z.number().min(0).default(2).describe('most that its being young adds'),
    scoreMax: z.number().positive().default(6).describe('most that it may say'),
  }),
  evaluate({ history, habits: { birth, kin } }, params) {
    if (!birth || history.requests < params.requestsMin || kin < params.kinMin) return quiet;
    const { surpriseOfPlace: place, surpriseOfAgent: agent, surpriseOfEndpoints: endpoints } = birth;
    // New customers bring clients and habits of their own; hardly one of them begins where nobody else does.
    const youth = place < params.placeMin ? 0 : Math.min(params.youthMax, birth.surpriseOfYouth);
    const score = Math.min(params.scoreMax, place + agent + endpoints + youth);
    if (score < params.scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'medium'),
      observed: {
        requests: history.requests,
        provider: birth.place,
        place: round(place),
        agent: round(agent),
        endpoints: round(endpoints),
        youth: round(youth),
      },
      expected: { kin },
      samples: [...birth.endpoints],
    });
  },
});

const round = (value: number) => Math.round(value * 10) / 10;
