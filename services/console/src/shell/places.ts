import type { IconName } from '../ui/icon.tsx';

/** The pages that one can go to from anywhere, in the order of the menu. */
export const places = [
  { to: '/', label: 'Overview', icon: 'overview', keys: 'g o', group: 'Watch' },
  { to: '/incidents', label: 'Incidents', icon: 'incidents', keys: 'g i', group: 'Watch' },
  { to: '/actions', label: 'Actions', icon: 'actions', keys: 'g a', group: 'Watch' },
  { to: '/leaks', label: 'Leaks', icon: 'leaks', keys: 'g l', group: 'Watch' },
  { to: '/keys', label: 'Keys', icon: 'keys', keys: 'g k', group: 'Ask' },
  { to: '/endpoints', label: 'Endpoints', icon: 'endpoints', keys: 'g e', group: 'Ask' },
  { to: '/sql', label: 'SQL', icon: 'sql', keys: 'g s', group: 'Ask' },
  { to: '/rules', label: 'Rules', icon: 'rules', keys: 'g r', group: 'Run' },
  { to: '/audit', label: 'Audit', icon: 'audit', keys: 'g u', group: 'Run' },
  { to: '/pipeline', label: 'Pipeline', icon: 'pipeline', keys: 'g p', group: 'Run' },
  { to: '/tokens', label: 'Tokens', icon: 'tokens', keys: 'g t', group: 'Run' },
] as const satisfies readonly { to: string; label: string; icon: IconName; keys: string; group: string }[];

export const groups = ['Watch', 'Ask', 'Run'] as const;
