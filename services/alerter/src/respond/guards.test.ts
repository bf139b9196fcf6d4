import { aFinding, aKey } from '@tripkey/contract/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIncidentBook } from '../incident/incident-book.ts';
import { checkGuards, type GuardFacts, stopsPerDayMax } from './guards.ts';
import { decide, ResponsePolicy } from './policy.ts';

const now = Date.parse('2026-03-02T10:00:00.000Z');
const minuteMs = 60_000;
const policy = ResponsePolicy.parse({});
const facts = (changes: Partial<GuardFacts> = {}): GuardFacts => ({
  nowMs: now,
  keyId: 'key_forms_1',
  protectedByIssuer: false,
  stopsAt: [],
  activeKeys: 2000,
  frontierMs: now - 2000,
  incidentsOpenedAt: [now],
  ...changes,
});
const verdict = (changes: Partial<GuardFacts>, changed: object = {}) =>
  checkGuards(ResponsePolicy.parse(changed), facts(changes)).kind;

describe('the guards', () => {
  test('let one stop of a plain key through', () => expect(verdict({})).toBe('act'));

  test.each<[string, Partial<GuardFacts>, object]>([
    ['the kill switch', {}, { killSwitch: true }],
    ['a key that its issuer protects', { protectedByIssuer: true }, {}],
    ['a key that the policy protects', {}, { protectedKeys: ['key_forms_1'] }],
    ['the cap of an hour', { stopsAt: [1, 2, 3].map((n) => now - n * minuteMs) }, {}],
    [
      'the cap of a day',
      { stopsAt: Array.from({ length: 10 }, (_, n) => now - (n + 2) * 61 * minuteMs) },
      {},
    ],
    ['the share of a day', { activeKeys: 120, stopsAt: [now - 120 * minuteMs] }, {}],
    ['a whole fleet that looks odd', { incidentsOpenedAt: Array(101).fill(now - minuteMs) }, {}],
  ])('%s makes it a proposal', (_, changes, changed) => expect(verdict(changes, changed)).toBe('propose'));

  test('incomplete data hold it back', () => {
    expect(verdict({ frontierMs: null })).toBe('hold');
    expect(verdict({ frontierMs: now - policy.staleAfterMs - 1 })).toBe('hold');
  });

  test('no sequence of wishes exceeds a cap', () => {
    const wishes = fc.array(fc.integer({ min: 0, max: 20 * minuteMs }), { maxLength: 200 });
    fc.assert(
      fc.property(wishes, fc.integer({ min: 1, max: 3000 }), (gaps, activeKeys) => {
        const stopsAt: number[] = [];
        let at = now;
        for (const gap of gaps) {
          at += gap;
          const asked = facts({ nowMs: at, frontierMs: at, stopsAt, activeKeys, incidentsOpenedAt: [] });
          if (checkGuards(policy, asked).kind === 'act') stopsAt.push(at);
        }
        const most = (spanMs: number) =>
          Math.max(0, ...stopsAt.map((end) => stopsAt.filter((t) => t > end - spanMs && t <= end).length));
        expect(most(60 * minuteMs)).toBeLessThanOrEqual(policy.caps.perHour);
        expect(most(24 * 60 * minuteMs)).toBeLessThanOrEqual(stopsPerDayMax(policy, activeKeys));
        expect(stopsPerDayMax(policy, activeKeys)).toBeLessThanOrEqual(policy.caps.perDay);
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
  });

  test('refuses words that it does not know', () => {
    expect(ResponsePolicy.safeParse({ rules: [{ mode: 'act', severity: 'high' }] }).success).toBe(false);
  });
});
