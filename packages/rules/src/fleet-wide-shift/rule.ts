import * as z from 'zod';
import { cannotTell, defineFleetRule, fire, quiet, severityOf } from '../define-rule.ts';
import { recordSurprise } from '../record-surprise.ts';

/**
 * Fires when all keys together do far more, or far less, than they lead one to expect.
 *
 * A launch, an outage, a sale: everybody's rise is told once, about the fleet, and taken out of what single keys are
 * judged by. It explains other alerts and wakes nobody by itself, so its score stays below what opens an incident.
 */
export const fleetWideShift = defineFleetRule({
  id: 'fleet-wide-shift',
  version: 1,
  title: 'All keys together are far busier, or quieter, than usual',
  group: 'volume',
  attack: ['T1498', 'T1499'],
  owasp: ['API4:2023'],
  params: z.strictObject({
    ratioMin: z.number().min(1).default(1.5).describe('times the expectation, or its inverse, worth a word'),
    expectedMin: z.number().positive().default(100).describe('requests that must have been expected'),
    keysMin: z.int().positive().default(10).describe('keys below which there is no fleet'),
    windowsMin: z.int().positive().default(672).describe('quarter hours of history needed: a week'),
    recordTail: z.number().positive().default(4).describe('Pareto tail index assumed for the ratios'),
    scoreMin: z.number().positive().default(2.5).describe('-log10 of the chance below which it stays quiet'),
    scoreMax: z
      .number()
      .positive()
      .default(3.5)
      .describe('most that it may say: it explains, it does not wake'),
  }),
  evaluate(facts, { ratioMin, expectedMin, keysMin, windowsMin, recordTail, scoreMin, scoreMax }) {
    const { requests, expected, keys, windows, ratioHighest, ratioLowest, gatewaysBlind } = facts;
    if (keys < keysMin || expected < expectedMin) return quiet;
    const ratio = requests / expected;
    const isRise = ratio >= 1;
    // That nothing is reported does not mean that nothing happens.
    if (!isRise && gatewaysBlind > 0) return cannotTell('a gateway is blind');
    if ((isRise ? ratio : 1 / Math.max(ratio, 1 / expected)) < ratioMin) return quiet;
    if (windows < windowsMin) return cannotTell(`needs ${windowsMin} quarter hours of history`);
    const [now, record] = isRise
      ? [ratio, Math.max(1, ratioHighest)]
      : [1 / Math.max(ratio, 1 / expected), 1 / Math.min(1, Math.max(ratioLowest, 1 / expected))];
    const score = Math.min(scoreMax, recordSurprise(now, record, windows, recordTail));
    if (score < scoreMin) return quiet;
    return fire({
      score,
      severity: severityOf(score, 'low'),
      observed: { requests, keys },
      expected: { requests: Math.round(expected) },
      quietAt: Math.round(isRise ? record * expected : expected / record),
    });
  },
});
