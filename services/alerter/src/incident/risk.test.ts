import { severities, severityRank } from '@tripkey/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixedRisk } from '../testing/fixed-risk.ts';
import { isWorthAnIncident, riskOf, type Signal, severityOfRisk, shareOfRisk } from './risk.ts';

const hourMs = 3_600_000;
const settings = fixedRisk;
const groups = new Map([
  ['volume-spike', 'volume'],
  ['bytes-out-spike', 'volume'],
  ['new-network', 'source'],
]);
const signal = (ruleId: string, score: number, changes: Partial<Signal> = {}): Signal => ({
  ...{ ruleId, score, severity: 'low', at: 0 },
  ...changes,
});
const risk = (signals: Signal[], at = 0) => riskOf(signals, at, groups, settings);

test('two measures of one group count once, two groups add up', () => {
  expect(risk([signal('volume-spike', 5), signal('bytes-out-spike', 4)])).toBe(5);
  expect(risk([signal('volume-spike', 5), signal('new-network', 4)])).toBe(9);
});

test('a finding counts half after the half-life', () => {
  expect(risk([signal('volume-spike', 8)], settings.halfLifeMs)).toBe(4);
});

test('a rule that no table knows is a group of its own', () => {
  expect(risk([signal('volume-spike', 5), signal('from-a-newer-release', 3)])).toBe(8);
});

test('a weak signal never opens alone, a critical finding always does', () => {
  const worth = (signals: Signal[]) => isWorthAnIncident(signals, 0, groups, settings);
  expect(worth([signal('volume-spike', 5.9)])).toBe(false);
  expect(worth([signal('volume-spike', 5), signal('new-network', 1)])).toBe(true);
  expect(worth([signal('new-network', 0.1, { severity: 'critical' })])).toBe(true);
});

test('one measure alone, however extreme, is never critical by risk', () => {
  const severity = (signals: Signal[]) => severityOfRisk(signals, 0, groups, settings);
  expect(severity([signal('volume-spike', 300)])).toBe('high');
  expect(severity([signal('volume-spike', 10), signal('new-network', 5)])).toBe('critical');
});

const anySignal: fc.Arbitrary<Signal> = fc.record({
  ruleId: fc.constantFrom('volume-spike', 'bytes-out-spike', 'new-network', 'other'),
  score: fc.double({ min: 0, max: 50, noNaN: true }),
  severity: fc.constantFrom(...severities),
  at: fc.integer({ min: 0, max: 24 * hourMs }),
});

test('one more signal never lowers risk or severity', () => {
  fc.assert(
    fc.property(fc.array(anySignal), anySignal, (signals, more) => {
      const at = 24 * hourMs;
      const severity = (all: Signal[]) => severityRank(severityOfRisk(all, at, groups, settings));
      expect(risk([...signals, more], at)).toBeGreaterThanOrEqual(risk(signals, at));
      expect(severity([...signals, more])).toBeGreaterThanOrEqual(severity(signals));
    }),
  );
});

test('shares of the risk add up to one, and only the best of a group has one', () => {
  const signals = [signal('bytes-out-spike', 2), signal('volume-spike', 6), signal('new-network', 2)];
  expect(shareOfRisk(signals, 0, groups, settings)).toEqual([0, 0.75, 0.25]);
  expect(shareOfRisk([], 0, groups, settings)).toEqual([]);
});
