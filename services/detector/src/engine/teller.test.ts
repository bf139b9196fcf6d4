import { cannotTell, fire, quiet } from '@tripkey/rules';
import { expect, test } from 'vitest';
import { hourMs, monday } from '../testing/made-traffic.ts';
import { Teller } from './teller.ts';

const scored = (score: number) => fire({ score, severity: 'medium', observed: {}, expected: {} });

test('a story is told once an hour, and again at once when it got worse', () => {
  const teller = new Teller();
  const fired = new Map();
  const tells = (score: number, at: number) =>
    teller.isWorthTelling(scored(score), 'rule', 'rule', monday + at, fired);
  expect(tells(4, 0)).toBe(true);
  expect(tells(4.9, 1_000)).toBe(false);
  expect(tells(5, 2_000)).toBe(true);
  expect(tells(5.5, hourMs)).toBe(false);
  expect(tells(4, 2_000 + hourMs)).toBe(true);
});

test('rules do not keep each other quiet', () => {
  const teller = new Teller();
  const fired = new Map();
  for (const id of ['a', 'b']) expect(teller.isWorthTelling(scored(4), id, id, monday, fired)).toBe(true);
});

test('nor do the stories of one rule', () => {
  const teller = new Teller();
  const fired = new Map();
  const tells = (story: string, at: number) =>
    teller.isWorthTelling(
      fire({ score: 1, severity: 'low', observed: {}, expected: {}, story }),
      'rule',
      'rule',
      monday + at,
      fired,
    );
  expect(['quota 0.8', 'quota 1', 'quota 0.8'].map((story) => tells(story, 1_000))).toEqual([
    true,
    true,
    false,
  ]);
});

test('a rule that cannot tell is counted by its reason, and never a finding', () => {
  const teller = new Teller();
  for (let i = 0; i < 3; i++)
    expect(teller.isWorthTelling(cannotTell('too young'), 'rule', 'rule', monday, new Map())).toBe(false);
  expect(teller.isWorthTelling(quiet, 'rule', 'rule', monday, new Map())).toBe(false);
  expect([...teller.cannotTell]).toEqual([['rule: too young', 3]]);
});

test('what fired so long ago that it may fire again is forgotten', () => {
  const teller = new Teller();
  const fired = new Map([
    ['old', { at: monday, score: 4 }],
    ['new', { at: monday + 1, score: 4 }],
  ]);
  teller.forgetOld(fired, monday + hourMs);
  expect([...fired.keys()]).toEqual(['new']);
});
