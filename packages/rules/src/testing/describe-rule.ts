import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import type { RuleOf, Verdict } from '../define-rule.ts';

/** Examples by name. A gap is a verdict that we know to be wrong, pinned so that its mending is noticed. */
export interface RuleExamples<Facts> {
  fires: Record<string, Facts>;
  staysQuiet: Record<string, Facts>;
  cannotTell?: Record<string, [facts: Facts, reason: string]>;
  knownGaps?: Record<string, [facts: Facts, verdict: Verdict['kind']]>;
}

/** Judges with a rule's default parameters, or with some of them changed. */
export function judge<Facts, P extends z.ZodType>(
  rule: RuleOf<Facts, P>,
  facts: Facts,
  changes: Readonly<Record<string, unknown>> = {},
): Verdict {
  return rule.evaluate(facts, rule.params.parse(changes));
}

/** The same, for a test that is about what a finding says. @throws when the rule does not fire. */
export function judgeFire<Facts, P extends z.ZodType>(
  rule: RuleOf<Facts, P>,
  facts: Facts,
): Extract<Verdict, { kind: 'fire' }> {
  const verdict = judge(rule, facts);
  if (verdict.kind !== 'fire') throw new Error(`${rule.id} did not fire: ${JSON.stringify(verdict)}`);
  return verdict;
}

/** Runs a rule's examples and compares its page with the code. */
export function describeRule<Facts, P extends z.ZodType>(
  rule: RuleOf<Facts, P>,
  examples: RuleExamples<Facts>,
): void {
  describe(`rule ${rule.id}`, () => {
    test.each(Object.entries(examples.fires))('fires: %s', (_name, facts) => {
      expect(judge(rule, facts)).toMatchObject({ kind: 'fire', score: expect.any(Number) });
    });
    test.each(Object.entries(examples.staysQuiet))('stays quiet: %s', (_name, facts) => {
      expect(judge(rule, facts)).toEqual({ kind: 'quiet' });
    });
    if (examples.cannotTell) {
      test.each(Object.entries(examples.cannotTell))('cannot tell: %s', (_name, [facts, reason]) => {
        expect(judge(rule, facts)).toEqual({ kind: 'cannot-tell', reason });
      });
    }
    if (examples.knownGaps) {
      test.each(Object.entries(examples.knownGaps))('known gap: %s', (_name, [facts, verdict]) => {
        expect(judge(rule, facts).kind).toBe(verdict);
      });
    }
    test('its page names what the code holds', () => {
      const page = readFileSync(new URL(`../${rule.id}/README.md`, import.meta.url), 'utf8');
      const params = Object.entries(rule.params.parse({}) as Record<string, unknown>);
      expect(page.split('\n')[0]).toBe(`# ${rule.title}`);
      for (const fact of [rule.id, rule.group, ...rule.attack, ...rule.owasp]) expect(page).toContain(fact);
      for (const [name, value] of params) expect(page).toMatch(new RegExp(`\`${name}\` *\\| ${value} *\\|`));
      for (const heading of [
        'Why it matters',
        'How it decides',
        'What it misses',
        'False alarms',
        'What to do',
      ]) {
        expect(page).toContain(`## ${heading}`);
      }
    });
  });
}
