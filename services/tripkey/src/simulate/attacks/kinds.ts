/** Ways in which a key is abused, or a lead flow lost. What each does is in the file of its name. */
export const attackKinds = [
  'leak-scrape',
  'low-and-slow',
  'recon',
  'priv-probe',
  'scope-hole',
  'enumeration',
  'dormant-reuse',
  'revoked-reuse',
  'exfil-bytes',
  'volume-spike',
  'slow-ramp',
  'silence',
  'stuffing',
  'source-fanout',
  'new-key-stolen',
  'off-hours',
  'predecessor-reuse',
  'method-shift',
  'workflow-abuse',
  'copycat',
] as const;
export type AttackKind = (typeof attackKinds)[number];
