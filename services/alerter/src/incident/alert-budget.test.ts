import type { Finding } from '@tripkey/contract';
import { aFinding } from '@tripkey/contract/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixedRisk } from '../testing/fixed-risk.ts';
import { missedPages, pagesOf, pagesPerWeek, solveBudget } from './alert-budget.ts';

const dayMs = 86_400_000;
const start = Date.parse('2026-03-02T00:00:00.000Z');
const incidents = { groups: new Map<string, string>(), risk: fixedRisk };

/** A finding a day, each on a key of its own, with these scores. */
const findingsOf = (scores: readonly number[]): Finding[] =>
  scores.map((score, day) =>
    aFinding({
      finding_id: `finding-${day}`,
      subject: { kind: 'key', id: `key_${day}` },
      detected_at: new Date(start + day * dayMs).toISOString(),
      ...{ score, severity: 'low' as const },
    }),
  );

test('the thresholds that are solved keep history within its budget, and a step lower would not', () => {
  const scores = fc.array(fc.integer({ min: 8, max: 120 }), { minLength: 1, maxLength: 28 });
  fc.assert(
    fc.property(scores, fc.integer({ min: 0, max: 10 }), (quarters, perWeek) => {
      const findings = findingsOf(quarters.map((quarter) => quarter / 4));
      const weeks = findings.length / 7;
      const risk = solveBudget(findings, incidents, weeks, { perWeek });
      const rate = (openAt: number) =>
        pagesPerWeek(pagesOf(findings, { ...incidents, risk: { ...risk, openAt } }), weeks).all;
      expect(rate(risk.openAt)).toBeLessThanOrEqual(perWeek);
      if (risk.openAt > 1) expect(rate(risk.openAt - 0.25)).toBeGreaterThan(perWeek);
      expect(risk.highAt).toBeGreaterThanOrEqual(risk.openAt);
      expect(risk.criticalAt).toBeGreaterThanOrEqual(risk.highAt);
    }),
    { numRuns: 50 },
  );
});

test('loud pages have a budget of their own', () => {
  const findings = findingsOf([7, 8, 9, 10, 11, 12, 13]);
  const risk = solveBudget(findings, incidents, 1, { perWeek: 7, highPerWeek: 2 });
  const rate = pagesPerWeek(pagesOf(findings, { ...incidents, risk }), 1);
  expect(rate).toMatchObject({ all: 7, high: 2 });
});

test('a page is missed when nothing is told about its subject any more', () => {
  const before = pagesOf(findingsOf([7, 12]), incidents);
  const after = pagesOf(findingsOf([7, 12]), { ...incidents, risk: { ...fixedRisk, openAt: 10 } });
  expect(before).toHaveLength(2);
  expect(missedPages(before, after).map(({ subject }) => subject)).toEqual([before[0]!.subject]);
});
