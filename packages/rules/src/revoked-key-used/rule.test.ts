import { aKeySeen, describeRule } from '../testing/index.ts';
import { revokedKeyUsed } from './rule.ts';

const revoked = { status: 'revoked', revoked_at: '2026-03-01T10:00:00.000Z' } as const;

describeRule(revokedKeyUsed, {
  fires: {
    'one accepted request a day after the revocation': aKeySeen({
      key: revoked,
      fresh: { requests: 1, accepted: 1 },
    }),
    'a key past its expiry that still works': aKeySeen({ key: { expires_at: '2026-03-02T09:00:00.000Z' } }),
    'a disabled key without a date': aKeySeen({ key: { status: 'disabled' } }),
    'a disabled key that would expire next year': aKeySeen({
      key: { status: 'disabled', expires_at: '2027-01-01T00:00:00.000Z' },
    }),
    'refused again and again': aKeySeen({
      key: revoked,
      fresh: { requests: 3, accepted: 0, denied: 3 },
      window: { requests: 8, accepted: 0, denied: 8 },
    }),
  },
  staysQuiet: {
    'an active key': aKeySeen(),
    'the last requests before the revocation, reported late': aKeySeen({
      key: { status: 'revoked', revoked_at: '2026-03-02T10:00:00.000Z' },
    }),
    'use while gateways still learn of it': aKeySeen({
      key: { status: 'revoked', revoked_at: '2026-03-02T09:58:30.000Z' },
    }),
    'one refused try': aKeySeen({
      key: revoked,
      fresh: { requests: 1, accepted: 0, denied: 1 },
      window: { requests: 1, accepted: 0, denied: 1 },
    }),
    'a key that expires tomorrow': aKeySeen({ key: { expires_at: '2026-03-03T10:00:00.000Z' } }),
  },
  cannotTell: {
    'a key that no issuer told of': [aKeySeen({ key: null }), 'the issuer has not told us about the key'],
  },
});
