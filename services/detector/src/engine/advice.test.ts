import { aKey } from '@tripkey/contract/testing';
import { adviceRules } from '@tripkey/rules';
import { expect, test } from 'vitest';
import { anEngine, judgeAll } from '../testing/an-engine.ts';
import { dayMs, hourMs, monday, routine, ticksOf } from '../testing/made-traffic.ts';
import { Advice } from './advice.ts';
import { Teller } from './teller.ts';

const rules = adviceRules.map((rule) => ({ rule, params: rule.params.parse({}) }));
const iso = (at: number) => new Date(at).toISOString();
const created = { created_at: iso(monday - dayMs) };
/** One in use, one that is not, and one that was stopped. */
const keys = [
  aKey({ key_id: 'key_used', scopes: ['read:leads', 'write:leads', 'write:exports'], ...created }),
  aKey({ key_id: 'key_idle', scopes: ['read:leads'], ...created }),
  aKey({ key_id: 'key_gone', scopes: ['read:leads'], status: 'revoked', ...created }),
];
const traffic = ticksOf(
  routine({ from: monday, to: monday + 140 * dayMs, everyMs: 6 * hourMs }, { keyId: 'key_used' }),
  hourMs,
);

test('a hundred and forty days of keys give each advice once in a month, without weight', () => {
  const findings = judgeAll(anEngine(keys), traffic);
  const said = findings
    .filter(({ score }) => score === 0)
    .map(({ rule_id, key_id, severity }) => [rule_id, key_id, severity]);
  expect(said.toSorted()).toEqual([
    ['rotation-overdue', 'key_idle', 'info'],
    ['rotation-overdue', 'key_idle', 'info'],
    ['rotation-overdue', 'key_used', 'info'],
    ['rotation-overdue', 'key_used', 'info'],
    ['unused-key', 'key_idle', 'info'],
    ['unused-key', 'key_idle', 'info'],
    ['unused-scopes', 'key_used', 'info'],
    ['unused-scopes', 'key_used', 'info'],
  ]);
  const [scopes] = findings.filter(({ rule_id }) => rule_id === 'unused-scopes');
  expect(scopes?.evidence.observed.scopes_unused).toEqual(['write:exports']);
  expect(findings.filter(({ score }) => score > 0)).toEqual([]);
});

test('each key is looked at once a day, also when ticks stay away for hours', () => {
  const many = Array.from({ length: 500 }, (_, i) =>
    aKey({ key_id: `key_${i}`, created_at: iso(monday - 89.5 * dayMs) }),
  );
  const advice = new Advice(rules, new Teller());
  const said: string[] = [];
  for (let hour = 0; hour < 72; hour += hour % 7 === 0 ? 5 : 1) {
    const found = advice.take({ values: () => many }, new Map(), monday, monday + hour * hourMs);
    said.push(...found.map(({ key_id }) => key_id!));
  }
  expect(said.toSorted()).toEqual(many.map(({ key_id }) => key_id).toSorted());
});

test('it goes on where it was saved', () => {
  const saved = new Advice(rules, new Teller());
  const advice = new Advice(rules, new Teller());
  const take = (one: Advice, at: number) => one.take({ values: () => keys }, new Map(), monday, at);
  for (let hour = 0; hour < 30; hour++) take(advice, monday + hour * hourMs);
  saved.restore(JSON.parse(JSON.stringify(advice)));
  for (let hour = 30; hour < 24 * 100; hour++) {
    const at = monday + hour * hourMs;
    expect(take(saved, at)).toEqual(take(advice, at));
  }
});
