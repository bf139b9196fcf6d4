import { Engine, type Tick } from '@tripkey/detector';
import { type KeyFacts, keyRules, type Rule, ruleSet, type Verdict } from '@tripkey/rules';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ScoreWatch } from './score-watch.ts';
import { rulesWithStretch } from './stretches.ts';

const minuteMs = 60_000;

test('a rule that stays quiet is counted with the score that it had', () => {
  const rule = {
    id: 'made-up',
    params: z.strictObject({ scoreMin: z.number().default(3) }),
    evaluate: (_facts: KeyFacts, params: { scoreMin: number }): Verdict =>
      params.scoreMin > 2.4
        ? { kind: 'quiet' }
        : { kind: 'fire', score: 2.4, severity: 'low', observed: {}, expected: {} },
  } as unknown as Rule;
  const watch = new ScoreWatch([rule]);
  const history = { requests: 400, firstSeenAt: 0 };
  watch.note(rule, { scoreMin: 3 }, {
    at: 0,
    lineageId: 'key',
    history,
    volume: { tailIndex: 3 },
  } as KeyFacts);
  const [{ keyClass, scoreMin, shares }] = watch.calibrations() as [
    ReturnType<ScoreWatch['calibrations']>[number],
  ];
  expect({ keyClass, scoreMin }).toEqual({ keyClass: 'steady', scoreMin: 3 });
  expect(shares.map(({ reached }) => reached)).toEqual([1, 1, 0, 0, 0]);
});

test('an engine finds the same when its scores are watched', () => {
  const watch = new ScoreWatch(keyRules);
  const keys = new Map();
  const unwatched = new Engine({ ...ruleSet, keys });
  const watched = new Engine({ ...ruleSet, keys, onJudge: (...judged) => watch.note(...judged) });
  const findings = daysAndASpike().map((tick) => [unwatched.take(tick), watched.take(tick)] as const);
  for (const [found, foundWatched] of findings) expect(foundWatched).toEqual(found);
  expect(findings.flatMap(([found]) => found).map(({ rule_id }) => rule_id)).toContain('volume-spike');
  const spike = watch
    .calibrations()
    .find(({ rule, keyClass }) => rule === 'volume-spike' && keyClass === 'steady');
  expect(spike?.judged).toBeGreaterThan(600);
  expect(spike?.shares[1]?.reached).toBe(1);
});

test('rules with a fixed score are told apart', () => {
  const { notCompared } = new ScoreWatch(keyRules);
  expect(notCompared).toContain('revoked-key-used');
  expect(notCompared).not.toContain('volume-spike');
});

test('every rule with a stretch of its own is a rule', () => {
  const ids = keyRules.map(({ id }) => id);
  expect(rulesWithStretch.filter((id) => !ids.includes(id))).toEqual([]);
});

/** A key that makes 10 to 14 requests each quarter of an hour for ten days, and then 3,000. */
function daysAndASpike(): Tick[] {
  const quarters = 10 * 96;
  return Array.from({ length: quarters + 1 }, (_, i) => {
    const from = Date.parse('2026-02-02T00:00:00.000Z') + i * 15 * minuteMs;
    const requests = i === quarters ? 3_000 : 10 + (i % 5);
    const traffic = { requests, accepted: requests, denied: 0, notFound: 0, rateLimited: 0, serverErrors: 0 };
    const place = {
      ip: '203.0.113.7',
      network: '203.0.113.0/24',
      asn: 64_496,
      country: 'DE',
      agent: 'lead-sync',
    };
    const what = {
      keyId: 'key_forms_1',
      accountId: 'acct_acme',
      appId: 'app_forms',
      method: 'GET',
      route: '/v1/leads',
    };
    const activity = [
      { ...what, ...place, minute: from, traffic: { ...traffic, bytesOut: 100, objects: 1 } },
    ];
    return { from, to: from + minuteMs, activity };
  });
}
