import { aKey } from '@tripkey/contract/testing';
import { expect, test } from 'vitest';
import { anEngine, firedRules, judgeAll } from '../testing/an-engine.ts';
import { dayMs, hourMs, monday, routine, ticksOf } from '../testing/made-traffic.ts';

const keyId = 'key_forms_1';
const key = aKey({
  key_id: keyId,
  scopes: ['read:leads', 'write:leads', 'write:exports'],
  created_at: new Date(monday).toISOString(),
});
const month = routine({ from: monday, to: monday + 28 * dayMs }, { keyId });

function afterAMonth(method: string, route: string) {
  const engine = anEngine([key]);
  judgeAll(engine, ticksOf(month));
  const from = monday + 28 * dayMs;
  return firedRules(
    judgeAll(engine, ticksOf(routine({ from, to: from + hourMs }, { keyId, method, route }))),
  );
}

test('the first use of a scope that was held for a month is told in the words of the grant', () => {
  expect(afterAMonth('POST', '/v1/exports')).toContain('first-use-of-scope');
});

test('a new endpoint within a scope in use, and one outside of all scopes, are not', () => {
  expect(afterAMonth('DELETE', '/v1/leads/{id}')).not.toContain('first-use-of-scope');
  expect(afterAMonth('GET', '/v1/users')).not.toContain('first-use-of-scope');
});
