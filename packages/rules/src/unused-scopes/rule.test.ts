import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeptKey, daysAgo, describeRule, judge, judgeFire } from '../testing/index.ts';
import { unusedScopes } from './rule.ts';

const made = (days: number) => ({ created_at: new Date(daysAgo(days)).toISOString() });
const scopes = [
  { scope: 'read:leads', usedAt: daysAgo(0) },
  { scope: 'write:exports', usedAt: null },
  { scope: 'write:leads', usedAt: daysAgo(140) },
];
const kept = (changes: Parameters<typeof aKeptKey>[0] = {}) =>
  aKeptKey({ key: made(160.5), scopes, ...changes });

describeRule(unusedScopes, {
  fires: { 'one scope never used, another long ago': kept() },
  staysQuiet: {
    'every scope in use': aKeptKey({ key: made(160.5) }),
    'a key younger than the window': kept({ key: made(60.5) }),
    'the day after it was told': kept({ key: made(161.5) }),
    'a key that was not watched for so long': kept({ watchedSince: daysAgo(30.5) }),
    'a key that is not used at all': kept({ lastAcceptedAt: daysAgo(150) }),
    'a handful of requests': kept({ requests: 20 }),
    'a key without scopes': kept({ scopes: [] }),
  },
  cannotTell: {
    'a key of unknown age': [
      kept({ key: { created_at: null } }),
      'the issuer has not told when the key was made',
    ],
  },
  knownGaps: { 'a scope for a yearly job': [kept(), 'fire'] },
});

test('it names what is unused, and what that rests on', () => {
  expect(judgeFire(unusedScopes, kept())).toMatchObject({
    score: 0,
    observed: { scopes_unused: ['write:exports', 'write:leads'], window_days: 100, requests: 50_000 },
  });
});

test('a scope used within the window is never named', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 }), (days) => {
      const used = [{ scope: 'write:leads', usedAt: daysAgo(days) }];
      expect(judge(unusedScopes, kept({ scopes: used })).kind).toBe('quiet');
    }),
  );
});
