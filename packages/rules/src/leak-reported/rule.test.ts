import { describe, expect, test } from 'vitest';
import type { LeakFacts } from '../facts.ts';
import { describeRule } from '../testing/index.ts';
import { leakReported } from './rule.ts';

const facts = (key: Partial<LeakFacts['key']> = {}): LeakFacts => ({
  key: { key_id: 'key_forms_1', status: 'active', ...key } as LeakFacts['key'],
  feed: 'github',
  secretType: 'acme_api_key',
  place: 'https://github.com/octo/leaky/blob/main/config.js',
  reportedAt: Date.parse('2026-03-02T10:00:00.000Z'),
});
const judge = (key: Partial<LeakFacts['key']> = {}) => leakReported.evaluate(facts(key), {});

describeRule(leakReported, { fires: { 'a key that works': facts() }, staysQuiet: {} });

describe('how loud', () => {
  test.each<[string, Partial<LeakFacts['key']>]>([
    ['a key that works', {}],
    ['a key that ends later', { expires_at: '2026-04-01T00:00:00.000Z' }],
  ])('critical for %s', (_, key) => {
    expect(judge(key)).toMatchObject({ kind: 'fire', severity: 'critical', score: 14 });
  });

  test.each<[string, Partial<LeakFacts['key']>]>([
    ['a key that was disabled', { status: 'disabled' }],
    ['a key that was revoked', { status: 'revoked' }],
    ['a key that has ended', { expires_at: '2026-03-02T09:00:00.000Z' }],
  ])('low for %s', (_, key) => {
    expect(judge(key)).toMatchObject({ kind: 'fire', severity: 'low', score: 3 });
  });
});

test('where it was found stands among the samples, which are shown as data', () => {
  expect(judge()).toMatchObject({
    observed: { reported_by: 'github', secret_type: 'acme_api_key', key_status: 'active' },
    samples: [{ found_at: 'https://github.com/octo/leaky/blob/main/config.js' }],
  });
});
