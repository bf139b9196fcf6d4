import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when a key is used from far more networks within an hour than it ever was, most of them new to it.
 *
 * A key that was published, or whose thief hides behind rented proxies, comes from everywhere at once. A serverless
 * pool or a field team does too, day after day, and is judged by that; a key too young for habits is judged by how
 * many networks no single client has.
 */
export const sourceFanOut = defineRule({
  id: 'source-fan-out',
  version: 1,
  title: 'Key is used from many networks at once',
  group: 'source',
  attack: ['T1090', 'T1078.004'],
  owasp: ['API2:2023'],
  params: z.strictObject({
    networksMin: z.int().positive().default(6).describe('networks in the hour worth a look'),
    newShareMin: z.number().min(0).max(1).default(0.5).describe('share of them that must be new to the key'),
    hoursMin: z.int().positive().default(8).describe('active hours needed before a record means anything'),
    recordTail: z
      .number()
      .positive()
      .default(4)
      .describe('Pareto tail index assumed for hours of many networks'),
    scoreMin: z.number().positive().default(2.5).describe('-log10 of the chance below which it stays quiet'),
  }),
  evaluate({ habits, news, fresh }, { networksMin, newShareMin, hoursMin, recordTail, scoreMin }) {
    const { observed, peak, windows } = habits.breadth.networks;
    if (fresh.requests === 0 || observed < networksMin) return quiet;
    if (news.networksOfHour < newShareMin * observed) return quiet;
    if (windows < hoursMin) return cannotTell(`needs ${hoursMin} active hours`);
    const score = recordSurprise(observed, peak, windows, recordTail);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'high'),
      observed: { networks: observed, networks_new: news.networksOfHour },
      expected: { networks_peak: Math.round(peak) },
      quietAt: Math.max(networksMin - 1, Math.floor(peak)),
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
