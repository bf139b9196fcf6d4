import * as z from 'zod';
import type { Incident } from '../incident/incident.ts';

/** What people do not want to be told of for a while. Times are epoch ms. */
export const Silence = z
  .object({
    silence_id: z.string().min(8).max(64),
    created_at: z.int(),
    until: z.int().describe('from then on it hides nothing'),
    by: z.string().min(1).max(128),
    reason: z.string().min(1).max(300),
    key_id: z.string().max(256).default('').describe('empty: any'),
    account_id: z.string().max(256).default('').describe('empty: any'),
    rule_id: z.string().max(64).default('').describe('empty: any'),
  })
  .refine(({ key_id, account_id, rule_id }) => key_id || account_id || rule_id, {
    message: 'a silence names a key, an account or a rule: nothing hides everything',
  });
export type Silence = z.infer<typeof Silence>;

/** Where silences are kept. */
export interface SilenceBook {
  /** A later call with the same id replaces it. */
  put(silence: Silence, nowMs: number): Promise<void>;
  /** Silences that end at or after a time, with how many incidents they hid. */
  since(sinceMs: number): Promise<(Silence & { readonly hid: number })[]>;
}

/**
 * The silence that keeps people from being told of an incident. It hides the message and nothing else: the incident,
 * its evidence and its response go on. A rule's silence hides an incident only while no other rule speaks for it, and
 * that a stop does not work is never hidden.
 */
export function silenceOf(
  incident: Incident,
  silences: readonly Silence[],
  nowMs: number,
): Silence | undefined {
  if (incident.operations.some(({ state }) => state === 'not_effective')) return undefined;
  return silences.find(
    ({ created_at, until, key_id, account_id, rule_id }) =>
      created_at <= nowMs &&
      nowMs < until &&
      (key_id === '' || key_id === incident.keyId) &&
      (account_id === '' || account_id === incident.accountId) &&
      (rule_id === '' || incident.rules.every(({ ruleId }) => ruleId === rule_id)),
  );
}
