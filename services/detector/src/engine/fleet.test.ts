import { fleetRules } from '@tripkey/rules';
import { expect, test } from 'vitest';
import { atLeast } from '../testing/an-engine.ts';
import { Fleet } from './fleet.ts';
import { SeasonalRate } from './seasonal-rate.ts';
import { Teller } from './teller.ts';

const rules = fleetRules.map((rule) => ({ rule, params: rule.params.parse({}) }));

function weeks(fleet: Fleet, from: number, windows: number, ratio: (i: number) => number) {
  return Array.from({ length: windows }, (_, i) => {
    const at = from + i * SeasonalRate.windowMs;
    return fleet.take(
      { from: at, requests: Math.round(1_000 * ratio(i)), expected: 1_000 },
      40,
      0,
      at + SeasonalRate.windowMs,
    );
  }).flat();
}
const uneven = (i: number) => 0.9 + ((i * 37) % 20) / 100;

test('a rise of everybody is one finding about the fleet an hour, and wakes nobody', () => {
  const fleet = new Fleet(rules, new Teller());
  expect(weeks(fleet, 0, 1_000, uneven)).toEqual([]);
  const findings = weeks(fleet, 1_000 * SeasonalRate.windowMs, 8, () => 3);
  expect(findings.map(({ subject }) => subject)).toEqual(findings.map(() => ({ kind: 'fleet', id: 'all' })));
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.length).toBeLessThanOrEqual(2);
  expect(atLeast('medium', findings)).toEqual([]);
});

test('it goes on where it was saved', () => {
  const fleet = new Fleet(rules, new Teller());
  weeks(fleet, 0, 700, uneven);
  const saved = new Fleet(rules, new Teller());
  saved.restore(JSON.parse(JSON.stringify(fleet)));
  const later = 700 * SeasonalRate.windowMs;
  expect(weeks(saved, later, 8, () => 4)).toEqual(weeks(fleet, later, 8, () => 4));
});
