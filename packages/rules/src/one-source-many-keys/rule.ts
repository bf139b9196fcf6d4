import * as z from 'zod';
import { defineSourceRule, fire, quiet, severityOf } from '../define-rule.ts';

/**
 * Fires when one client address uses many keys that are not known to come from there.
 *
 * Somebody who tries a list of stolen or guessed keys does it from few addresses. That most are refused tells it
 * from an office or a platform that moved.
 */
export const oneSourceManyKeys = defineSourceRule({
  id: 'one-source-many-keys',
  version: 1,
  title: 'One address tries many keys',
  group: 'source',
  attack: ['T1110.004', 'T1078.004'],
  owasp: ['API2:2023'],
  params: z.strictObject({
    keysMin: z.int().min(2).default(4).describe('keys below which it stays quiet'),
    perKey: z
      .number()
      .positive()
      .default(1.3)
      .describe('score of each key after the first when all are refused'),
    acceptedWeight: z
      .number()
      .min(0)
      .max(1)
      .default(0.35)
      .describe('weight of keys whose requests were let through'),
  }),
  evaluate({ ip, keysNew, accounts, requests, denied, keyIds }, { keysMin, perKey, acceptedWeight }) {
    if (keysNew < keysMin) return quiet;
    const refused = denied / Math.max(1, requests);
    const score = perKey * (Math.min(keysNew, 12) - 1) * (acceptedWeight + (1 - acceptedWeight) * refused);
    return fire({
      score,
      severity: severityOf(score, 'critical'),
      observed: { keys: keysNew, accounts, requests, denied, client_ip: ip },
      expected: { keys: 0 },
      quietAt: keysMin - 1,
      samples: keyIds.map((keyId) => ({ client_ip: ip, key_id: keyId })),
    });
  },
});
