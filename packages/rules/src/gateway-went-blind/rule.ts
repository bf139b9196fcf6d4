import * as z from 'zod';
import { cannotTell, defineGatewayRule, fire, quiet, severityOf, type Verdict } from '../define-rule.ts';
import type { GatewayFacts, HeartbeatFacts } from '../fleet-facts.ts';
import { recordSurprise } from '../record-surprise.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * Fires when events of a gateway are missing: its running numbers have gaps, nothing comes from it any more, or it says
 * that it emitted what never came.
 *
 * What a gateway does not report is not watched, and looks like keys that fell silent. It is one thing to tell, of the
 * gateway, and none of its keys. Numbers that come late fill their gap; only what stays away is told. One that says that it
 * lives and has nothing to report is idle.
 */
export const gatewayWentBlind = defineGatewayRule({
  id: 'gateway-went-blind',
  version: 2,
  title: 'Events of a gateway are missing',
  group: 'completeness',
  attack: ['T1562.008'],
  owasp: ['API9:2023'],
  params: z.strictObject({
    missingMin: z.int().positive().default(20).describe('missing numbers, or emitted events, worth a word'),
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
  const { silentMs, heartbeat } = facts;
  if (silentMs < params.silentMinutesMin * minuteMs) return quiet;
  if (heartbeat && heartbeat.emittedSince >= params.missingMin)
    return emittedInVain(facts, heartbeat, params);
  if (heartbeat?.overdueMs === 0) return quiet;
  if (facts.expectedSince < params.expectedMin) return quiet;
  if (facts.at - facts.watchedSince < dayMs) return cannotTell('needs a day of history');
  return heartbeat ? silentAndOverdue(facts, heartbeat, params) : silentForLong(facts, params);
}

/** What it says it emitted never came. */
function emittedInVain(facts: GatewayFacts, { emittedSince }: HeartbeatFacts, params: Params): Verdict {
  const score = Math.min(params.certain, scoreMaxOf(facts, params));
  return fire({
    score,
    severity: severityOf(score, 'high'),
    observed: { ...observedOf(facts), emitted: emittedSince },
    expected: { emitted: 0 },
    quietAt: params.missingMin - 1,
  });
}

/** It does not say that it lives, as others do: how long it used to pause explains nothing any more. */
function silentAndOverdue(facts: GatewayFacts, { overdueMs }: HeartbeatFacts, params: Params): Verdict {
  const score = Math.min(facts.surpriseOfSilence, scoreMaxOf(facts, params));
  if (score < params.scoreMin) return quiet;
  return fire({
    score,
    severity: severityOf(score, 'high'),
    observed: { ...observedOf(facts), overdue_minutes: Math.round(overdueMs / minuteMs) },
    expected: { events: Math.round(facts.expectedSince), overdue_minutes: 0 },
    quietAt: params.silentMinutesMin - 1,
  });
}

function silentForLong(facts: GatewayFacts, params: Params): Verdict {
  const { silentMs, surpriseOfSilence } = facts;
  const longest = Math.max(facts.pauseMsLongest, minuteMs);
  if (silentMs < params.longerThanEver * longest) return quiet;
  const days = (facts.at - facts.watchedSince) / dayMs;
  const record = recordSurprise(silentMs / longest, 1, 24 * days, params.recordTail);
  const score = Math.min(surpriseOfSilence, record, scoreMaxOf(facts, params));
  if (score < params.scoreMin) return quiet;
  return fire({
    score,
    severity: severityOf(score, 'high'),
    observed: observedOf(facts),
    expected: {
      events: Math.round(facts.expectedSince),
      silent_minutes_longest: Math.round(longest / minuteMs),
    },
    quietAt: Math.max(params.silentMinutesMin, Math.round((params.longerThanEver * longest) / minuteMs)) - 1,
  });
}

/** A silence that may be caught up with wakes nobody. */
function scoreMaxOf({ silentMs }: GatewayFacts, { pageMinutes, briefScoreMax }: Params): number {
  return silentMs < pageMinutes * minuteMs ? briefScoreMax : Number.POSITIVE_INFINITY;
}

function observedOf({ gateway, silentMs, othersHeard }: GatewayFacts) {
  return { gateway, silent_minutes: Math.round(silentMs / minuteMs), others_heard: othersHeard };
}
