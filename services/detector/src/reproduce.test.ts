import { Finding } from '@tripkey/contract';
import { aKey } from '@tripkey/contract/testing';
import { findingFromRow, findingToRow } from '@tripkey/store';
import { expect, test } from 'vitest';
import { reproduce } from './reproduce.ts';
import { anEngine, firedRules, judgeAll } from './testing/an-engine.ts';
import {
  anArrival,
  aTheft,
  dayMs,
  hourMs,
  minuteMs,
  monday,
  routine,
  ticksOf,
} from './testing/made-traffic.ts';

const end = monday + 13 * dayMs;
const revoked = aKey({ key_id: 'key_gone', revoked_at: new Date(monday).toISOString(), status: 'revoked' });
const findings = judgeAll(
  anEngine([revoked]),
  ticksOf(
    [
      ...routine({ from: monday, to: end, requests: 60 }, { keyId: 'key_flow' }),
      ...['key_a', 'key_b', 'key_c', 'key_d', 'key_e'].flatMap((keyId) => [
        ...routine({ from: monday, to: end + 2 * dayMs }, { keyId }),
        ...aTheft(end + 8 * hourMs, { keyId, traffic: { denied: 15 } }),
      ]),
      ...aTheft(monday + 9 * dayMs, { keyId: 'key_a', traffic: { requests: 900 } }),
      anArrival(end, { keyId: 'key_gone' }),
    ],
    minuteMs,
  ),
);

/** A finding as it is after the store or the topic. */
const kept = (finding: Finding) => Finding.parse(JSON.parse(JSON.stringify(finding)));

test('every finding gives the same numbers again', () => {
  expect(firedRules(findings).length).toBeGreaterThanOrEqual(6);
  for (const finding of findings)
    expect(reproduce(kept(finding)), finding.rule_id).toEqual({ outcome: 'same' });
});

test('a finding holds little, and of the key record only what the rule looked at', () => {
  for (const finding of findings) {
    expect(JSON.stringify(finding).length).toBeLessThan(20_000);
    expect(JSON.stringify(finding)).not.toContain(revoked.owner);
  }
});

test('a row of the store holds all of it', () => {
  const [finding] = findings as [Finding];
  const { window_from, window_to, detected_at, ...row } = findingToRow(finding) as Record<string, string>;
  const asRead = { ...row } as unknown as Parameters<typeof findingFromRow>[0];
  Object.assign(asRead, {
    window_from: Date.parse(window_from!),
    window_to: Date.parse(window_to!),
    detected_at: Date.parse(detected_at!),
  });
  expect(reproduce(findingFromRow(asRead))).toEqual({ outcome: 'same' });
});

test('another number in a finding is named with both values', () => {
  const finding = kept(findings[0]!);
  expect(reproduce({ ...finding, score: finding.score + 1 })).toEqual({
    outcome: 'different',
    differences: [{ what: 'score', stored: finding.score + 1, again: finding.score }],
  });
});

test.each([
  ['a rule that is gone', { rule_id: 'no-such-rule' }, 'this release has no rule no-such-rule'],
  ['another version', { rule_version: 99 }, /this release has version \d+ of the rule, not 99/],
])('%s cannot be judged again, and that is said', (_name, changes, reason) => {
  const reproduction = reproduce({ ...kept(findings[0]!), ...changes });
  expect(reproduction).toMatchObject({ outcome: 'impossible', reason: expect.stringMatching(reason) });
});

test('a finding without its facts cannot be judged again, and that is said', () => {
  const { facts: _, ...evidence } = kept(findings[0]!).evidence;
  expect(reproduce({ ...findings[0]!, evidence })).toMatchObject({ outcome: 'impossible' });
});

test('facts that would be too large are left out', () => {
  const engine = anEngine();
  judgeAll(engine, ticksOf(routine({ from: monday, to: end }, { keyId: 'key_a' })));
  const scan = Array.from({ length: 2_000 }, (_, i) =>
    anArrival(end + hourMs, {
      keyId: 'key_a',
      route: `/v1/${'x'.repeat(40)}/${i}`,
      traffic: { requests: 1 },
    }),
  );
  const [finding] = judgeAll(engine, ticksOf(scan, minuteMs)).filter(
    (f) => f.rule_id === 'first-use-of-endpoint',
  );
  expect(finding).toBeDefined();
  expect(finding!.evidence.facts).toBeUndefined();
  expect(JSON.stringify(finding).length).toBeLessThan(20_000);
});
