import type { HygieneIssue } from '@tripkey/contract/api';
import { hygieneDays } from '@tripkey/store/reading';

/** What each untidiness is called in a list, and what to do about one key that has it. */
export const hygieneTexts: Readonly<Record<HygieneIssue, { title: string; advice: string }>> = {
  never_used: {
    title: 'never used',
    advice: `It was made more than ${hygieneDays.neverUsed} days ago and never used. Ask its owner whether it is needed; disable it if not.`,
  },
  unused_30_days: {
    title: `not used for ${hygieneDays.unused} days`,
    advice:
      'A key that nobody uses is only good for a thief. Disable it, and delete it when nobody misses it.',
  },
  unused_scopes: {
    title: 'with scopes that they do not use',
    advice: `Take away the scopes that it did not use for ${hygieneDays.unusedScope} days.`,
  },
  rotation_overdue: {
    title: `older than ${hygieneDays.rotation} days`,
    advice: 'Rotate it: the longer a secret lives, the more places have it.',
  },
  no_expiry: {
    title: 'that never expire',
    advice: 'Give it a day on which it ends, so that it cannot be forgotten.',
  },
  no_owner: {
    title: 'without an owner',
    advice: 'Name an owner: without one nobody can be told when it has to be stopped.',
  },
  unregistered: {
    title: 'used, but told of by no issuer',
    advice: 'Import it with `tripkey keys import`, or find out who made it.',
  },
  expired_in_use: {
    title: 'accepted after they had ended',
    advice: 'The gateway lets it in although it has ended: look at how the gateway learns of ended keys.',
  },
};
