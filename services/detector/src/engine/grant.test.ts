import { aKey } from '@tripkey/contract/testing';
import { expect, test } from 'vitest';
import { isGranted } from './grant.ts';

test.each([
  [['read:leads'], 'GET', '/v1/leads/{id}', true],
  [['read:leads'], 'HEAD', '/api/v2/leads', true],
  [['read:leads'], 'POST', '/v1/leads', false],
  [['write:leads'], 'DELETE', '/v1/leads/{id}', true],
  [['write:leads'], 'GET', '/v1/leads', false],
  [['read:leads'], 'GET', '/v1/leads-export', false],
  [['read:*'], 'GET', '/v1/anything', true],
  [['*:leads'], 'PATCH', '/leads', true],
  [['*:*'], 'DELETE', '/v1/users/{id}', true],
  [['admin'], 'GET', '/v1/leads', false],
  [['read:leads'], 'GET', '/', false],
] as const)('scopes %j, %s %s: %s', (scopes, method, route, granted) => {
  expect(isGranted(aKey({ scopes: [...scopes] }), method, route)).toBe(granted);
});

test('of a key that nobody told of, or whose scopes nobody told, nothing is claimed', () => {
  expect(isGranted(null, 'GET', '/v1/leads')).toBeNull();
  expect(isGranted(aKey({ scopes: [] }), 'GET', '/v1/leads')).toBeNull();
});
