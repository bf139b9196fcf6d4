import {
  checkPolicy,
  clickHouseKillSwitch,
  type ResponsePolicy,
  readPastFacts,
  tryPolicy,
} from '@tripkey/alerter';
import { ruleGroups } from '@tripkey/rules';
import { ConfigError, parseYaml, toYaml } from '@tripkey/service-kit';
import { automaticStops } from '@tripkey/store';
import type { AccessRecord } from '../access/access-record.ts';
import { badRequest } from '../http/api-problem.ts';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { readKillSwitch } from './kill-switch-state.ts';
import { readSpan } from './read-span.ts';
import { dayMs, iso } from './times.ts';

const ruleIds = new Set(ruleGroups.keys());
type Answered = 'getPolicy' | 'checkPolicy' | 'tryPolicy' | 'turnKillSwitch';

/** What may be done without a person. */
export function policyAnswers(parts: AnswerParts, record: AccessRecord): HandlersOf<Answered> {
  const { store, config, alerting, keys, issuers, issuerKinds } = parts;
  const killSwitch = clickHouseKillSwitch(store);

  return {
    async getPolicy({ at, signal }) {
      const { response } = config;
      const [kill_switch, stops] = await Promise.all([
        readKillSwitch(parts),
        store.ask(automaticStops, { since: at - dayMs, by: 'policy' }, signal),
      ]);
      const { caps } = response;
      return {
        yaml: toYaml(response),
        rules: response.rules.map((rule, i) => ({
          name: rule.name ?? `rule ${i + 1}`,
          mode: rule.mode,
          matches: inWords(rule),
        })),
        kill_switch,
        caps: { per_hour: caps.perHour, per_day: caps.perDay, active_keys_share: caps.activeKeysShare },
        stops_24h: stops.length,
        warnings: [...checkPolicy(response, ruleIds).warnings],
        issuers: [...issuers.keys()].map((name) => ({ name, kind: issuerKinds.get(name) ?? '' })),
      };
    },
    async turnKillSwitch({ body: { on, reason }, caller, at }) {
      await record.write(on ? 'kill_switch_on' : 'kill_switch_off', caller, { reason });
      await killSwitch.turn({ isOn: on, by: caller.id, reason, at });
      return await readKillSwitch(parts);
    },
    async checkPolicy({ body: { yaml } }) {
      const { policy, faults, warnings } = check(yaml);
      return { usable: policy !== null, faults: [...faults], warnings: [...warnings] };
    },
    async tryPolicy({ body, at, signal }) {
      const { policy, faults } = check(body.yaml);
      if (!policy) throw badRequest(`the policy cannot be used: ${faults.join('; ')}`);
      const { from, to } = readSpan(body, at, 7 * dayMs, 92 * dayMs);
      const findings = (await alerting.storedFindings(from)).filter(
        ({ detected_at }) => Date.parse(detected_at) < to,
      );
      const { risk, windowMs, quietMs } = config.incidents;
      const tried = tryPolicy({
        ...{ policy, findings, past: await readPastFacts(store, policy, { from, to }, signal), issuers },
        incidents: { groups: ruleGroups, risk, windowMs, quietMs },
        key: (keyId) => keys.get(keyId),
      });
      const judged = new Map<string, string>();
      for (const event of await alerting.incidentLog.load(from))
        if (event.kind === 'resolved' && event.by) judged.set(event.incident_id, event.reason);
      const count = (outcome: string) => tried.filter((one) => one.outcome === outcome).length;
      return {
        ...{ from: iso(from), to: iso(to), findings: findings.length },
        counts: {
          act: count('act'),
          propose: count('propose'),
          held: count('held'),
          observe: count('observe'),
        },
        act_on_false_positive: tried.filter(
          (one) => one.outcome === 'act' && judged.get(one.incident_id) === 'false_positive',
        ).length,
        incidents: tried.map(({ rules, ...one }) => ({ ...one, rules: [...rules] })),
      };
    },
  };
}

function check(yaml: string): ReturnType<typeof checkPolicy> {
  try {
    return checkPolicy(parseYaml(yaml), ruleIds);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { policy: null, faults: [error.message], warnings: [] };
  }
}

/** What a rule of the policy is about. */
function inWords({ rules, severityMin, keyTags }: ResponsePolicy['rules'][number]): string {
  const parts = [
    ...(rules ? [`found by ${rules.join(' or ')}`] : []),
    ...(severityMin ? [`severity ${severityMin} or worse`] : []),
    ...Object.entries(keyTags ?? {}).map(([tag, value]) => `key tagged ${tag}: ${value}`),
  ];
  return parts.length === 0 ? 'every incident' : parts.join(', ');
}
