import * as z from 'zod';
import { defineSourceRule, fire, quiet, severityOf } from '../define-rule.ts';

/**
 * Fires when one address sends many requests with keys that the gateways do not know.
 *
 * Who guesses keys, or works through an old list of them, misses. So does a client with a mistyped key in its
 * configuration, for ever: alone this is a lead, together with a key that answers it is much more.
 */
export const unknownKeyProbing = defineSourceRule({
  id: 'unknown-key-probing',
  version: 2,
  title: 'One address tries keys that do not exist',
  group: 'errors',
  attack: ['T1110.001', 'T1110.004'],
  owasp: ['API2:2023'],
  params: z.strictObject({
    requestsMin: z.int().positive().default(20).describe('requests with unknown keys worth a word'),
    scoreBase: z.number().positive().default(1.5).describe('score of that many'),
    perTenfold: z.number().min(0).default(1).describe('added when they are ten times as many'),
    perKnownKey: z
      .number()
      .min(0)
      .default(1.5)
      .describe('added for each known key that the address uses for the first time as well'),
    scoreMax: z.number().positive().default(8).describe('most that it can say'),
  }),
  evaluate(
    { ip, unknownRequests, keysNew, keysMadeUp, requests },
    { requestsMin, scoreBase, perTenfold, perKnownKey, scoreMax },
  ) {
    if (unknownRequests < requestsMin) return quiet;
    const known = keysNew - keysMadeUp;
    const score = Math.min(
      scoreMax,
      scoreBase + Math.min(2, perTenfold * Math.log10(unknownRequests / requestsMin)) + perKnownKey * known,
    );
    return fire({
      score,
      severity: severityOf(score, 'high'),
      observed: { client_ip: ip, requests_unknown: unknownRequests, requests, keys_known: known },
      expected: { requests_unknown: 0 },
      quietAt: requestsMin - 1,
    });
  },
});
