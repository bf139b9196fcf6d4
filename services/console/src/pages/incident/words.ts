import type { IncidentState, ResolveReason } from '@tripkey/contract/api';

/** Why an incident is over, as people say it. */
export const resolveReasons: readonly { readonly reason: ResolveReason; readonly label: string }[] = [
  { reason: 'false_positive', label: 'False positive: nothing was wrong' },
  { reason: 'testing_or_maintenance', label: 'Test or maintenance of our own' },
  { reason: 'true_positive_benign', label: 'Unusual, but meant to be' },
  { reason: 'remediated', label: 'Was misused, is dealt with' },
  { reason: 'true_positive_malicious', label: 'Was misused by an attacker' },
  { reason: 'other', label: 'Something else' },
];

const resolutions: Readonly<Record<string, string>> = {
  quiet: 'by itself: nothing new was seen',
  false_positive: 'false positive',
  testing_or_maintenance: 'test or maintenance',
  remediated: 'dealt with',
  true_positive_benign: 'unusual, but meant',
  true_positive_malicious: 'misused by an attacker',
  other: 'other',
};

export function resolutionWord(reason: string): string {
  return resolutions[reason] ?? reason;
}

const states: Readonly<Record<IncidentState, string>> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  snoozed: 'Snoozed',
  resolved: 'Resolved',
};

export function stateWord(state: IncidentState): string {
  return states[state];
}

const operationStates: Readonly<Record<string, string>> = {
  proposed: 'Waits for approval',
  approved: 'Approved',
  executing: 'At the issuer',
  state_confirmed: 'Confirmed by the issuer',
  traffic_confirmed: 'Proven by the traffic',
  not_effective: 'Not effective',
  refused: 'Refused',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export function operationStateWord(state: string): string {
  return operationStates[state] ?? state;
}

/** The same where nothing else says whether the key is stopped or given back. */
export function operationWord({
  action,
  state,
}: {
  readonly action: string;
  readonly state: string;
}): string {
  if (action !== 'enable') return operationStateWord(state);
  return state === 'traffic_confirmed'
    ? 'Enabled again'
    : `Enabling: ${operationStateWord(state).toLowerCase()}`;
}

/** How good or bad a state of an operation is, as a class of a badge. */
export function operationTone(state: string): string {
  if (state === 'traffic_confirmed') return 'good';
  if (['not_effective', 'failed', 'refused'].includes(state)) return 'critical';
  if (state === 'cancelled') return 'plain';
  return state === 'proposed' ? 'medium' : 'accent';
}

/** A name of the wire as words: `requests_per_minute` becomes `requests per minute`. */
export function fromSnake(name: string): string {
  return name.replaceAll('_', ' ');
}
