import type { Operation } from '@tripkey/contract/api';
import { expect, test } from 'vitest';
import { holdOfStop } from './hold-of-stop.ts';
import { operationWord } from './words.ts';

const at = '2026-03-02T10:00:00.000Z';
const anOperation = (
  action: Operation['action'],
  state: Operation['state'],
  stopped_at: string | null = at,
) => ({
  ...{ action, state, stopped_at },
});
const proven = anOperation('disable', 'traffic_confirmed');

test('a stop is proven by the traffic, and not before', () => {
  expect(holdOfStop([proven])).toBe('proven');
  expect(holdOfStop([anOperation('disable', 'state_confirmed')])).toBe('watched');
  expect(holdOfStop([anOperation('disable', 'not_effective')])).toBe('watched');
});

test('a key that was given back is not told of as stopped for good, however well that is proven', () => {
  expect(holdOfStop([anOperation('enable', 'traffic_confirmed'), proven])).toBe('enabled');
  expect(holdOfStop([anOperation('enable', 'state_confirmed'), proven])).toBe('enabled');
});

test('giving back that came to nothing leaves the stop as it was, and a later stop counts', () => {
  expect(holdOfStop([anOperation('enable', 'refused', null), proven])).toBe('proven');
  expect(holdOfStop([anOperation('disable', 'proposed', null), proven])).toBe('proven');
  expect(holdOfStop([proven, anOperation('enable', 'traffic_confirmed'), proven])).toBe('proven');
});

test('enabling a key is never called a proven stop', () => {
  expect(operationWord({ action: 'disable', state: 'traffic_confirmed' })).toBe('Proven by the traffic');
  expect(operationWord({ action: 'enable', state: 'traffic_confirmed' })).toBe('Enabled again');
  expect(operationWord({ action: 'enable', state: 'failed' })).toBe('Enabling: failed');
});
