import * as z from 'zod';
import { cannotTell, defineRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when a key walks through object ids: far more distinct objects than ever, or far more that do not exist.
 *
 * Who knows the ids asks for what is there. Who guesses them hits many that are not, or takes every one in turn
 * (broken object level authorization).
 */
export const objectEnumeration = defineRule({
  id: 'object-enumeration',
  version: 1,
  title: 'Key walks through object ids',
  group: 'errors',
  attack: ['T1213', 'T1530'],
  owasp: ['API1:2023'],
  params: z.strictObject({
    missesMin: z.int().positive().default(15).describe('404 answers in the window worth a look'),
    missShareMin: z.number().min(0).max(1).default(0.2).describe('share of the requests that must be 404'),
    objectsMin: z.int().positive().default(150).describe('distinct objects in the window worth a look'),
    windowsMin: z
      .int()
      .positive()
      .default(8)
      .describe('active windows needed before a record means anything'),
    recordTail: z.number().positive().default(2.5).describe('Pareto tail index assumed for high windows'),
    scoreMin: z.number().positive().default(3).describe('-log10 of the chance below which it stays quiet'),
  }),
  evaluate({ amounts, window }, { missesMin, missShareMin, objectsMin, windowsMin, recordTail, scoreMin }) {
    const { notFound, objects } = amounts;
    const guesses = notFound.observed >= missesMin && notFound.observed >= missShareMin * window.requests;
    const walks = objects.observed >= objectsMin;
    if (!guesses && !walks) return quiet;
    if (objects.windows < windowsMin) return cannotTell(`needs ${windowsMin} active quarter hours`);
    const missing = guesses
      ? recordSurprise(notFound.observed, notFound.peak, notFound.windows, recordTail)
      : 0;
    // Many objects alone also say that there is much work; they count for half.
    const walking = walks
      ? recordSurprise(objects.observed, objects.peak, objects.windows, recordTail) / 2
      : 0;
    const score = Math.max(missing, walking);
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'high'),
      observed: { objects: objects.observed, not_found: notFound.observed, requests: window.requests },
      expected: { objects_peak: Math.round(objects.peak), not_found_peak: Math.round(notFound.peak) },
      quietAt:
        missing >= walking
          ? Math.max(missesMin - 1, Math.floor(notFound.peak))
          : Math.max(objectsMin - 1, Math.floor(objects.peak)),
    });
  },
});
