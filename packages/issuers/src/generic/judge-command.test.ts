import { describe, expect, test } from 'vitest';
import type { KeyAction } from '../key-issuer.ts';
import { type JudgedKey, judgeCommand } from './judge-command.ts';
import type { WireCommand } from './wire.ts';

const all = new Set<KeyAction>(['disable', 'enable', 'revoke', 'rotate']);
const aKey = (changes: Partial<JudgedKey> = {}): JudgedKey => ({
  status: 'active',
  version: '7',
  protected: false,
  ...changes,
});
const command = (action: KeyAction, changes: Partial<WireCommand> = {}): WireCommand => ({
  action,
  reason: 'stolen',
  actor: { type: 'user', id: 'ana', approved_by: [] },
  incident_id: 'inc_1',
  ...changes,
});
const judged = (key: JudgedKey | undefined, asked: WireCommand, actions: ReadonlySet<KeyAction> = all) => {
  const judgement = judgeCommand(key, asked, actions);
  if (judgement.kind === 'refused') return judgement.code;
  return judgement.kind === 'noop' ? 'noop' : judgement.to;
};

describe('an honest issuer', () => {
  test.each<[JudgedKey['status'], KeyAction, string]>([
    ['active', 'disable', 'disabled'],
    ['active', 'enable', 'noop'],
    ['active', 'revoke', 'revoked'],
    ['expiring', 'disable', 'disabled'],
    ['expiring', 'enable', 'noop'],
    ['disabled', 'disable', 'noop'],
    ['disabled', 'enable', 'active'],
    ['disabled', 'revoke', 'revoked'],
    ['revoked', 'disable', 'noop'],
    ['revoked', 'enable', 'unsupported_action'],
    ['revoked', 'revoke', 'noop'],
    ['active', 'rotate', 'unsupported_action'],
  ])('of a key that is %s, asked to %s: %s', (status, action, outcome) => {
    expect(judged(aKey({ status }), command(action))).toBe(outcome);
  });

  test('refuses keys that it does not know and actions that it does not offer', () => {
    expect(judged(undefined, command('disable'))).toBe('key_not_found');
    expect(judged(aKey(), command('revoke'), new Set(['disable']))).toBe('unsupported_action');
  });

  test('refuses when the key has another version by now', () => {
    expect(judged(aKey(), command('disable', { if_version: '6' }))).toBe('version_conflict');
    expect(judged(aKey(), command('disable', { if_version: '7' }))).toBe('disabled');
  });

  test('stops a protected key for two different people, and gives it back to one', () => {
    const by = (...approved_by: string[]) =>
      command('disable', { actor: { type: 'user', id: 'ana', approved_by } });
    expect(judged(aKey({ protected: true }), by('ana', 'ana'))).toBe('protected_key');
    expect(judged(aKey({ protected: true }), by('ana', 'ben'))).toBe('disabled');
    expect(judged(aKey({ protected: true, status: 'disabled' }), command('enable'))).toBe('active');
  });
});
