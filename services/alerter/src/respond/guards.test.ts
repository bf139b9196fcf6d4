import { aFinding, aKey } from '@tripkey/contract/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Incident } from '../incident/incident.ts';
import { createIncidentBook } from '../incident/incident-book.ts';
import { type AutomaticStop, checkGuards, type GuardFacts, overCap, stopsPerDayMax } from './guards.ts';
import { decide, ResponsePolicy } from './policy.ts';

const now = Date.parse('2026-03-02T10:00:00.000Z');
const minuteMs = 60_000;
const policy = ResponsePolicy.parse({});
const strong = {
  score: 14,
  windowEnds: [now - minuteMs, now],
  hasOtherKeys: false,
  lastFindingAt: now,
  rules: ['volume-spike', 'new-network'].map((ruleId) => ({
    ruleId,
    score: 7,
  })) as unknown as Incident['rules'],
};
const facts = (changes: Partial<GuardFacts> = {}): GuardFacts => ({
  nowMs: now,
  incident: strong,
  keyId: 'key_forms_1',
  key: aKey({ tags: { tier: 'gold' } }),
  protectedByIssuer: false,
  killedBy: null,
  stops: [],
  ownerOf: () => undefined,
  activeKeys: 2000,
  trafficShare: null,
  frontierMs: now - 2000,
  oddKeys: 1,
  ...changes,
});
const verdict = (changes: Partial<GuardFacts>, changed: object = {}) =>
  checkGuards(ResponsePolicy.parse(changed), facts(changes)).kind;
const stopsAgo = (...minutes: number[]) =>
  minutes.map((n) => ({ keyId: `key_${n}`, at: now - n * minuteMs }));

describe('the guards', () => {
  test('let one stop of a plain key through', () => expect(verdict({})).toBe('act'));

  test.each<[string, Partial<GuardFacts>, object]>([
    ['the kill switch', {}, { killSwitch: true }],
    ['somebody who turned it all off', { killedBy: 'cli:alice' }, {}],
    ['evidence about another key', { incident: { ...strong, hasOtherKeys: true } }, {}],
    ['evidence of the day before', { incident: { ...strong, lastFindingAt: now - 25 * 60 * minuteMs } }, {}],
    ['a freeze', {}, { freeze: [{ name: 'release', fromTime: '09:00', untilTime: '11:00' }] }],
    ['a key that its issuer protects', { protectedByIssuer: true }, {}],
    ['a key that its record protects', { key: aKey({ protected: true }) }, {}],
    ['a key that the policy protects', {}, { protectedKeys: ['key_forms_1'] }],
    ['a protected tag', {}, { protectedTags: { tier: 'gold', env: 'prod' } }],
    ['a protected owner', {}, { protectedOwners: ['forms-team@acme.example'] }],
    ['a key that makes most of the traffic', { trafficShare: 0.31 }, { protectedTrafficShare: 0.3 }],
    ['a key that is two days old', { key: aKey({ created_at: '2026-02-28T10:00:00Z' }) }, {}],
    ['the cap of an hour', { stops: stopsAgo(1, 2, 3) }, {}],
    ['the cap of a day', { stops: stopsAgo(...Array.from({ length: 10 }, (_, n) => (n + 2) * 61)) }, {}],
    ['the share of a day', { activeKeys: 120, stops: stopsAgo(120) }, {}],
    ["the cap of an owner's keys", { stops: stopsAgo(59), ownerOf: () => 'team' }, {}],
    ['a whole fleet that looks odd', { oddKeys: 101 }, {}],
  ])('%s makes it a proposal', (_, changes, changed) => expect(verdict(changes, changed)).toBe('propose'));

  test('say aloud that a cap is reached, and no other reason', () => {
    expect(checkGuards(policy, facts({ stops: stopsAgo(1, 2, 3) }))).toMatchObject({ loud: true });
    expect(checkGuards(policy, facts({ protectedByIssuer: true }))).toMatchObject({ loud: false });
  });

  test.each<[string, Partial<GuardFacts['incident']>]>([
    ['one rule', { rules: strong.rules.slice(0, 1) }],
    ['one window', { windowEnds: [now] }],
    ['a low risk', { score: 8.9 }],
    ['one rule of weight', { rules: [strong.rules[0]!, { ...strong.rules[1]!, score: 0 }] }],
  ])('hold it back while there is only %s', (_, weak) => {
    expect(verdict({ incident: { ...strong, ...weak } })).toBe('hold');
  });

  test('do not take the word of a certain rule that a false positive has silenced', () => {
    const rules = [{ ruleId: 'leak-reported', score: 0 }] as unknown as Incident['rules'];
    expect(verdict({ incident: { ...strong, windowEnds: [now], rules } })).toBe('hold');
  });

  test('take the word of a rule that is certain, also about a young key', () => {
    const rules = [{ ruleId: 'leak-reported', score: 14 }] as unknown as Incident['rules'];
    const key = aKey({ created_at: '2026-03-02T09:00:00Z' });
    expect(verdict({ incident: { ...strong, score: 6, windowEnds: [now], rules }, key })).toBe('act');
  });

  test('hold it back while the issuer does not say whether it protects the key', () => {
    expect(verdict({ protectedByIssuer: 'unknown' })).toBe('hold');
    expect(verdict({ protectedByIssuer: 'unknown', oddKeys: 101 })).toBe('propose');
  });

  test('hold it back while data are incomplete', () => {
    expect(verdict({ frontierMs: null })).toBe('hold');
    expect(verdict({ frontierMs: now - policy.staleAfterMs - 1 })).toBe('hold');
  });
});

/** Keys that want to be stopped, one after the other: which key, and how long after the one before. */
const wishes = fc.array(fc.record({ key: fc.nat(30), gap: fc.integer({ min: 0, max: 20 * minuteMs }) }), {
  maxLength: 120,
});
const ownerOf = (keyId: string) => `owner ${Number(keyId) % 7}`;

type Begun = { readonly keyId: string; readonly at: number };

function expectNoCapExceeded(stops: readonly Begun[], activeKeys: number): void {
  const most = (spanMs: number, some = stops) =>
    Math.max(0, ...some.map((end) => some.filter(({ at }) => at > end.at - spanMs && at <= end.at).length));
  expect(most(60 * minuteMs)).toBeLessThanOrEqual(policy.caps.perHour);
  expect(most(24 * 60 * minuteMs)).toBeLessThanOrEqual(stopsPerDayMax(policy, activeKeys));
  expect(stopsPerDayMax(policy, activeKeys)).toBeLessThanOrEqual(policy.caps.perDay);
  for (const ofOwner of Map.groupBy(stops, ({ keyId }) => ownerOf(keyId)).values())
    expect(most(60 * minuteMs, ofOwner)).toBeLessThanOrEqual(policy.caps.perOwnerAndHour);
}

describe('no sequence of findings', () => {
  test('makes an alerter exceed a cap', () => {
    fc.assert(
      fc.property(wishes, fc.integer({ min: 1, max: 3000 }), (wanted, activeKeys) => {
        const stops: Begun[] = [];
        let at = now;
        for (const { key, gap } of wanted) {
          at += gap;
          const keyId = String(key);
          const asked = facts({ nowMs: at, frontierMs: at, keyId, stops, ownerOf, activeKeys });
          if (checkGuards(policy, asked).kind === 'act') stops.push({ keyId, at });
        }
        expectNoCapExceeded(stops, activeKeys);
      }),
    );
  });

  test('makes several alerters exceed it together, whatever each of them sees when', () => {
    fc.assert(
      fc.property(wishes, fc.infiniteStream(fc.nat(5)), (wanted, turns) => {
        const log: AutomaticStop[] = [];
        const begun: Begun[] = [];
        /** Steps that alerters have still to take, in any order: decide on an old view, write, ask again, begin. */
        const waiting: (() => void)[] = [];
        let at = now;
        const turn = () => waiting.splice(turns.next().value! % waiting.length, 1)[0]!();
        for (const { key, gap } of wanted) {
          at += gap;
          const keyId = String(key);
          const asked = { nowMs: at, frontierMs: at, keyId, ownerOf, stops: [...log] };
          waiting.push(() => {
            if (checkGuards(policy, facts(asked)).kind !== 'act') return;
            const stop: { keyId: string; at: number | null } = { keyId, at: null };
            log.push(stop);
            waiting.push(() => {
              const again = { ...asked, nowMs: at, activeKeys: 2000, more: 0, stops: log };
              if (overCap(policy, again) !== null) return void log.splice(log.indexOf(stop), 1);
              stop.at = at;
              begun.push({ keyId, at });
            });
          });
          while (waiting.length > 0 && (gap > 5 * minuteMs || waiting.length > 6)) turn();
        }
        while (waiting.length > 0) turn();
        expectNoCapExceeded(begun, 2000);
      }),
    );
  });
});

describe('the policy', () => {
  const book = createIncidentBook({ groups: new Map() });
  book.take(aFinding(), Date.parse(aFinding().detected_at));
  const incident = [...book.incidents()][0]!;
  const mode = (rules: object[], key = aKey({ tags: { env: 'prod' } })) =>
    decide(ResponsePolicy.parse({ rules }), incident, key).mode;

  test('observes unless it says otherwise', () => expect(mode([])).toBe('observe'));

  test('goes by its first rule that matches', () => {
    expect(mode([{ severityMin: 'critical', mode: 'act' }, { mode: 'propose' }])).toBe('propose');
    expect(mode([{ rules: ['volume-spike'], mode: 'act' }])).toBe('act');
    expect(mode([{ rules: ['new-network'], mode: 'act' }])).toBe('observe');
    expect(mode([{ keyTags: { env: 'prod' }, mode: 'act' }])).toBe('act');
    expect(mode([{ keyTags: { env: 'test' }, mode: 'act' }])).toBe('observe');
    expect(mode([{ accounts: ['acct_acme'], mode: 'act' }])).toBe('act');
    expect(mode([{ apps: ['app_crm'], mode: 'act' }])).toBe('observe');
    expect(mode([{ keyScopes: ['write:leads'], mode: 'act' }])).toBe('act');
    expect(mode([{ scoreMin: 1_000, mode: 'act' }])).toBe('observe');
  });

  test('refuses words that it does not know', () => {
    expect(ResponsePolicy.safeParse({ rules: [{ mode: 'act', severity: 'high' }] }).success).toBe(false);
  });
});
