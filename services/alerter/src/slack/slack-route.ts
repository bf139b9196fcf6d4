import { Severity, severityRank } from '@tripkey/contract';
import * as z from 'zod';
import type { AlertRecord } from '../alert/alert-record.ts';

const names = z.array(z.string().min(1).max(256)).min(1);
/** Slack's id of a group of people. */
export const UserGroupId = z.string().regex(/^S[A-Z0-9]{1,31}$/, 'the id of a user group, such as S0123ABCD');

/** A channel for some incidents. What is said has to fit, all of it. */
export const SlackRoute = z.strictObject({
  channel: z.string().min(1),
  severityMin: Severity.optional(),
  accounts: names.optional(),
  apps: names.optional(),
  rules: names.optional().describe('detection rules, one of which speaks for it'),
  keyTags: z.record(z.string(), z.string()).optional().describe('tags that the key must have'),
  mention: UserGroupId.optional().describe('instead of the general one'),
});
export type SlackRoute = z.infer<typeof SlackRoute>;

/** The first route that an incident fits; without one it goes to the general channel. */
export function routeOf(routes: readonly SlackRoute[], record: AlertRecord): SlackRoute | undefined {
  return routes.find(({ severityMin, accounts, apps, rules, keyTags }) => {
    if (severityMin && severityRank(record.severity) < severityRank(severityMin)) return false;
    if (accounts && !accounts.includes(record.account_id)) return false;
    if (apps && !apps.includes(record.app_id)) return false;
    if (rules && !record.rules.some(({ rule_id }) => rules.includes(rule_id))) return false;
    return Object.entries(keyTags ?? {}).every(([tag, value]) => record.key_tags[tag] === value);
  });
}
