import { type KeyRecord, Severity, severityRank } from '@tripkey/contract';
import * as z from 'zod';
import type { Incident } from '../incident/incident.ts';
import { ResponseMode } from '../incident/incident-event.ts';

const PolicyRule = z.strictObject({
  name: z.string().max(64).optional().describe('shown to people; absent: its place in the list'),
  rules: z.array(z.string().max(64)).min(1).optional().describe('detection rules, one of which fired'),
  severityMin: Severity.optional().describe('least severity of the incident'),
  keyTags: z.record(z.string(), z.string()).optional().describe('tags that the key must have'),
  mode: ResponseMode,
  action: z.literal('disable').default('disable'),
});

/**
 * What may be done without a person. The first rule that matches decides; without a match the mode is `observe`. The
 * guards below turn an `act` into a proposal.
 */
export const ResponsePolicy = z.strictObject({
  rules: z.array(PolicyRule).default([]),
  killSwitch: z
    .stringbool()
    .or(z.boolean())
    .default(false)
    .describe('nothing is done, everything is proposed'),
  caps: z
    .strictObject({
      perHour: z.int().nonnegative().default(3),
      perDay: z.int().nonnegative().default(10),
      activeKeysShare: z.number().min(0).max(1).default(0.01).describe('share of a day, at least one key'),
    })
    .prefault({}),
  protectedKeys: z.array(z.string()).default([]).describe('stopping one of these needs people'),
  graceMs: z
    .int()
    .nonnegative()
    .max(3_600_000)
    .default(0)
    .describe('how long people can cancel a stop that the policy ordered'),
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
  if (rule.rules && !incident.rules.some(({ ruleId }) => rule.rules?.includes(ruleId))) return false;
  if (rule.severityMin && severityRank(incident.severity) < severityRank(rule.severityMin)) return false;
  return Object.entries(rule.keyTags ?? {}).every(([tag, value]) => key?.tags[tag] === value);
}
