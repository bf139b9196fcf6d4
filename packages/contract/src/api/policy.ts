import * as z from 'zod';
import { Severity } from '../severity.ts';
import { Time } from './page.ts';
import { defineRoute } from './route.ts';

/** What automatic response may do. It is written in the configuration; here it is read and tried. */
export const Policy = z.object({
  yaml: z.string().describe('the policy in force'),
  rules: z.array(
    z.object({
      name: z.string(),
      mode: z.enum(['observe', 'propose', 'act']),
      matches: z.string().describe('in words'),
    }),
  ),
  kill_switch: z
    .object({ on: z.boolean(), by: z.string(), reason: z.string(), at: Time.nullable() })
    .describe('while it is on, nothing happens without a person'),
  caps: z.object({ per_hour: z.int(), per_day: z.int(), active_keys_share: z.number() }),
  stops_24h: z.int().describe('ordered by the policy'),
  warnings: z.array(z.string()),
  issuers: z.array(z.object({ name: z.string(), kind: z.string() })).describe('configured ones'),
});
export type Policy = z.infer<typeof Policy>;

export const PolicyText = z.object({ yaml: z.string().max(100_000) });
export const PolicyCheck = z.object({
  usable: z.boolean(),
  faults: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type PolicyCheck = z.infer<typeof PolicyCheck>;

export const PolicyTrialRequest = PolicyText.extend({
  from: Time.optional().describe('a week before `to` without it; a span of at most 92 days'),
  to: Time.optional().describe('now without it'),
});

export const PolicyTrial = z.object({
  from: Time,
  to: Time,
  findings: z.int(),
  counts: z.object({ act: z.int(), propose: z.int(), held: z.int(), observe: z.int() }),
  act_on_false_positive: z.int().describe('it would have stopped keys that people said were fine'),
  incidents: z.array(
    z.object({
      incident_id: z.string(),
      key_id: z.string().nullable(),
      severity: Severity,
      rules: z.array(z.string()),
      opened_at: Time,
      outcome: z.enum(['act', 'propose', 'held', 'observe']),
      decided_at: Time,
      policy_rule: z.string().nullable(),
      reason: z.string(),
    }),
  ),
});
export type PolicyTrial = z.infer<typeof PolicyTrial>;

export const KillSwitch = z.object({ on: z.boolean(), reason: z.string().trim().min(1).max(300) });

export const policyRoutes = [
  defineRoute({
    id: 'getPolicy',
    method: 'get',
    path: '/v1/policy',
    tag: 'policy',
    access: 'read',
    summary: 'The policy in force',
    response: Policy,
  }),
  defineRoute({
    id: 'turnKillSwitch',
    method: 'post',
    path: '/v1/policy/kill-switch',
    tag: 'policy',
    access: 'act',
    summary: 'Turn off, or on again, all that happens without a person',
    body: KillSwitch,
    response: Policy.shape.kill_switch,
  }),
  defineRoute({
    id: 'checkPolicy',
    method: 'post',
    path: '/v1/policy/check',
    tag: 'policy',
    access: 'read',
    summary: 'Whether a text is a policy, and what in it is probably not meant',
    body: PolicyText,
    response: PolicyCheck,
  }),
  defineRoute({
    id: 'tryPolicy',
    method: 'post',
    path: '/v1/policy/trial',
    tag: 'policy',
    access: 'triage',
    summary: 'What a policy would have done about the findings of the past; nothing is done',
    body: PolicyTrialRequest,
    response: PolicyTrial,
  }),
] as const;
