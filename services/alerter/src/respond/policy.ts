import { type KeyRecord, Severity, severityRank } from '@tripkey/contract';
import * as z from 'zod';
import { type Incident, windowEndsMax } from '../incident/incident.ts';
import { ResponseMode } from '../incident/incident-event.ts';
import { FreezeWindow } from './freeze.ts';

const names = z.array(z.string().min(1).max(256)).min(1);
const tags = z.record(z.string(), z.string());

const PolicyRule = z.strictObject({
  name: z.string().max(64).optional().describe('shown to people; absent: its place in the list'),
  rules: z.array(z.string().max(64)).min(1).optional().describe('detection rules, one of which fired'),
  severityMin: Severity.optional().describe('least severity of the incident'),
  scoreMin: z.number().positive().optional().describe('least risk of the incident'),
  keyTags: tags.optional().describe('tags that the key must have'),
  keyScopes: names.optional().describe('scopes, one of which the key must have'),
  accounts: names.optional().describe('accounts, one of which the key must belong to'),
  apps: names.optional().describe('applications, one of which the key must belong to'),
  mode: ResponseMode,
  action: z.literal('disable').default('disable'),
});

/**
 * What may be done without a person. The first rule that matches decides; without a match the mode is `observe`. The
 * guards below turn an `act` into a proposal, or hold it back.
 */
export const ResponsePolicy = z.strictObject({
  rules: z.array(PolicyRule).default([]),
  killSwitch: z
    .stringbool()
    .or(z.boolean())
    .default(false)
    .describe('nothing is done, everything is proposed; `tripkey policy kill` does the same at once'),
  caps: z
    .strictObject({
      perHour: z.int().nonnegative().default(3),
      perDay: z.int().nonnegative().default(10),
      activeKeysShare: z.number().min(0).max(1).default(0.01).describe('share of a day, at least one key'),
      perOwnerAndHour: z.int().nonnegative().default(1),
    })
    .prefault({})
    .describe('most keys stopped without a person; what is over it is proposed, loudly'),
  protectedKeys: z.array(z.string()).default([]).describe('stopping one of these takes two people'),
  protectedTags: tags.default({}).describe('and so does a key with one of these tags'),
  protectedOwners: z.array(z.string()).default([]).describe('and every key of one of these owners'),
  protectedTrafficShare: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe('a key with more than this share of the requests of a day is stopped by people only'),
  freeze: z.array(FreezeWindow).default([]).describe('times in which everything is proposed'),
  warmUpMs: z
    .int()
    .nonnegative()
    .default(7 * 86_400_000)
    .describe('a younger key is stopped by people only: its habits are not known yet'),
  evidence: z
    .strictObject({
      scoreMin: z.number().nonnegative().default(9).describe('least risk of the incident'),
      rulesMin: z.int().positive().default(2).describe('detection rules that agree'),
      windowsMin: z
        .int()
        .positive()
        .max(windowEndsMax)
        .default(2)
        .describe('windows in which something was found; rules that speak of the same one count it once'),
      certainRules: z
        .array(z.string().max(64))
        .default(['leak-reported'])
        .describe('rules whose word is enough'),
    })
    .prefault({})
    .describe('until there is as much, a stop is held back'),
  graceMs: z
    .int()
    .nonnegative()
    .max(3_600_000)
    .default(0)
    .describe('how long people can cancel a stop that the policy ordered'),
  approvalMs: z
    .int()
    .positive()
    .default(30 * 60_000)
    .describe('an approval that was not carried out for so long has expired'),
  staleAfterMs: z
    .int()
    .positive()
    .default(120_000)
    .describe('no action while ingest is this far behind: what looks odd may be half a picture'),
  oddKeys: z
    .strictObject({
      withinMs: z.int().positive().default(600_000),
      countMax: z.int().positive().default(5),
      activeKeysShare: z.number().min(0).max(1).default(0.05),
    })
    .prefault({})
    .describe('when more keys than this look odd at once, it is an outage or we are wrong'),
});
export type ResponsePolicy = z.infer<typeof ResponsePolicy>;

export interface PolicyDecision {
  readonly mode: ResponseMode;
  /** The policy rule that decided; null when none matched. */
  readonly rule: string | null;
}

/** What the policy says about an incident, before the guards. */
export function decide(
  policy: ResponsePolicy,
  incident: Incident,
  key: KeyRecord | undefined,
): PolicyDecision {
  const index = policy.rules.findIndex((rule) => matches(rule, incident, key));
  const rule = policy.rules[index];
  return rule ? { mode: rule.mode, rule: rule.name ?? `rule ${index + 1}` } : { mode: 'observe', rule: null };
}

function matches(
  rule: ResponsePolicy['rules'][number],
  incident: Incident,
  key: KeyRecord | undefined,
): boolean {
  const { rules, severityMin, scoreMin, accounts, apps, keyScopes } = rule;
  if (rules && !incident.rules.some(({ ruleId }) => rules.includes(ruleId))) return false;
  if (severityMin && severityRank(incident.severity) < severityRank(severityMin)) return false;
  if (scoreMin && incident.score < scoreMin) return false;
  if (accounts && !accounts.includes(key?.account_id ?? incident.accountId)) return false;
  if (apps && !apps.includes(key?.app_id ?? incident.appId)) return false;
  if (keyScopes && !key?.scopes.some((scope) => keyScopes.includes(scope))) return false;
  return hasTags(key, rule.keyTags ?? {}, 'every');
}

/** Whether stopping a key takes two people, by its own record or by the policy. */
export function isProtected(
  policy: Pick<ResponsePolicy, 'protectedKeys' | 'protectedTags' | 'protectedOwners'>,
  keyId: string,
  key: KeyRecord | undefined,
): boolean {
  if (key?.protected || policy.protectedKeys.includes(keyId)) return true;
  if (key?.owner && policy.protectedOwners.includes(key.owner)) return true;
  return hasTags(key, policy.protectedTags, 'some');
}

function hasTags(
  key: KeyRecord | undefined,
  wanted: Readonly<Record<string, string>>,
  how: 'every' | 'some',
): boolean {
  return Object.entries(wanted)[how](([tag, value]) => key?.tags[tag] === value);
}
