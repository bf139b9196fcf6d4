import * as z from 'zod';
import { cannotTell, defineGatewayRule, fire, quiet, severityOf, type Verdict } from '../define-rule.ts';
import type { GatewayFacts } from '../fleet-facts.ts';
import { recordSurprise } from '../record-surprise.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * Fires when events of a gateway are missing: its running numbers have gaps, or nothing comes from it any more.
 *
 * What a gateway does not report is not watched, and looks like keys that fell silent. It is one thing to tell, of the
 * gateway, and none of its keys. Numbers that come late fill their gap; only what stays away is told.
 */
export const gatewayWentBlind = defineGatewayRule({
  id: 'gateway-went-blind',
  version: 1,
  title: 'Events of a gateway are missing',
  group: 'completeness',
  attack: ['T1562.008'],
  owasp: ['API9:2023'],
  params: z.strictObject({
    missingMin: z.int().positive().default(20).describe('missing numbers worth a word'),
    missingShareMin: z
      .number()
      .positive()
      .default(0.01)
      .describe('share of the events of the time that must be missing'),
    silentMinutesMin: z.number().positive().default(10).describe('a shorter silence is a pause, minutes'),
    longerThanEver: z.number().min(1).default(3).describe('times its longest pause so far'),
    expectedMin: z.number().positive().default(30).describe('events that a silence must have swallowed'),
    recordTail: z.number().positive().default(4).describe('Pareto tail index assumed for pauses'),
    certain: z.number().positive().default(6).describe('score of gaps: numbers do not vanish by chance'),
    pageMinutes: z
      .number()
      .positive()
      .default(60)
      .describe('until so many minutes it may be catching up, and wakes nobody'),
    briefScoreMax: z.number().positive().default(3.5).describe('most that a silence may say until then'),
    scoreMin: z.number().positive().default(3).describe('-log10 of the chance below which it stays quiet'),
  }),
  evaluate(facts, params) {
    return gaps(facts, params) ?? silence(facts, params);
  },
});

interface Params {
  missingMin: number;
  missingShareMin: number;
  silentMinutesMin: number;
  longerThanEver: number;
  expectedMin: number;
  recordTail: number;
  certain: number;
  scoreMin: number;
  pageMinutes: number;
  briefScoreMax: number;
}

function gaps(
  { sequence, gateway }: GatewayFacts,
  { missingMin, missingShareMin, certain }: Params,
): Verdict | null {
  if (!sequence) return null;
  const { missing, received } = sequence;
  const bound = Math.max(missingMin, missingShareMin * (missing + received));
  if (missing < bound) return null;
  return fire({
    score: certain,
    severity: 'medium',
    observed: { gateway, missing, received },
    expected: { missing: 0 },
    quietAt: Math.ceil(bound) - 1,
  });
}

function silence(facts: GatewayFacts, params: Params): Verdict {
  const { silentMs, pauseMsLongest, expectedSince, surpriseOfSilence, at, watchedSince } = facts;
  if (silentMs < params.silentMinutesMin * minuteMs || expectedSince < params.expectedMin) return quiet;
  if (at - watchedSince < dayMs) return cannotTell('needs a day of history');
  const longest = Math.max(pauseMsLongest, minuteMs);
  if (silentMs < params.longerThanEver * longest) return quiet;
  const days = (at - watchedSince) / dayMs;
  const record = recordSurprise(silentMs / longest, 1, 24 * days, params.recordTail);
  const brief = silentMs < params.pageMinutes * minuteMs ? params.briefScoreMax : Number.POSITIVE_INFINITY;
  const score = Math.min(surpriseOfSilence, record, brief);
  if (score < params.scoreMin) return quiet;
  return fire({
    score,
    severity: severityOf(score, 'high'),
    observed: {
      gateway: facts.gateway,
      silent_minutes: Math.round(silentMs / minuteMs),
      others_heard: facts.othersHeard,
    },
    expected: {
      events: Math.round(expectedSince),
      silent_minutes_longest: Math.round(longest / minuteMs),
    },
    quietAt: Math.max(params.silentMinutesMin, Math.round((params.longerThanEver * longest) / minuteMs)) - 1,
  });
}
