import type { HygieneIssue } from '@tripkey/contract/api';

const issues: Readonly<Record<HygieneIssue, string>> = {
  never_used: 'Never used',
  unused_30_days: 'Unused for 30 days',
  unused_scopes: 'Has scopes that it does not use',
  rotation_overdue: 'Rotation overdue',
  no_expiry: 'Never expires',
  no_owner: 'Has no owner',
  unregistered: 'Not known to any issuer',
  expired_in_use: 'Expired, still used',
};

export function hygieneWord(issue: HygieneIssue): string {
  return issues[issue];
}

/** How good or bad a status of a key is, as a class of a badge. */
export function keyTone(status: string): string {
  if (status === 'active') return 'good';
  if (status === 'unregistered') return 'medium';
  return ['disabled', 'revoked', 'expired'].includes(status) ? 'critical' : 'plain';
}
