import { expect, test } from 'vitest';
import { withoutNames } from './without-names.ts';

const names = new Set(['acct_1', 'key.a', 'high', 'a key: odd']);

test.each([
  [{ account_id: 'acct_1' }, { account_id: 'erased' }],
  [{ keys: ['key.a', 'key.ab', 'a key: odd'] }, { keys: ['erased', 'key.ab', 'erased'] }],
  [{ sql: "key_id = 'key.a' AND x" }, { sql: "key_id = 'erased' AND x" }],
  [{ subject: 'key:key.a' }, { subject: 'key:erased' }],
  [{ note: 'of acct_1, acct_12 and my-acct_1' }, { note: 'of erased, acct_12 and my-acct_1' }],
  [
    { severity: 'high', note: 'high' },
    { severity: 'high', note: 'erased' },
  ],
  [
    { acct_1: 1, n: [null, true, 0.5] },
    { acct_1: 1, n: [null, true, 0.5] },
  ],
])('%j becomes %j', (before, after) => {
  expect(JSON.parse(withoutNames(JSON.stringify(before), names))).toEqual(after);
});
