import { expect, test } from 'vitest';
import { comparisons } from './evidence.ts';

test('what was seen stands beside what was expected of the same figure, and nothing is left out', () => {
  const evidence = {
    observed: { requests: 1234.4, agent_new: true, networks: ['198.51.100.0/24'] },
    expected: { requests: 40, networks: [], scopes: 'read:leads' },
  };
  expect(comparisons(evidence)).toEqual([
    { name: 'requests', seen: '1,234', expected: '40' },
    { name: 'agent_new', seen: 'yes', expected: null },
    { name: 'networks', seen: '198.51.100.0/24', expected: 'none' },
    { name: 'scopes', seen: '', expected: 'read:leads' },
  ]);
});
