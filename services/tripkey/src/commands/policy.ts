import {
  AlertingConfig,
  AuditTrail,
  checkPolicy,
  onStore,
  openIssuers,
  type ResponsePolicy,
  readPastFacts,
  type TriedIncident,
  tryPolicy,
} from '@tripkey/alerter';
import { ruleGroups } from '@tripkey/rules';
import { readConfig, readYamlFile, systemClock } from '@tripkey/service-kit';
import { ClickHouseConfig, openStore } from '@tripkey/store';
import { Command } from 'commander';
import { readTime } from '../read-time.ts';
import { UsageError } from '../usage-error.ts';

const PolicyConfig = AlertingConfig.extend({ clickhouse: ClickHouseConfig.prefault({}) });
const dayMs = 86_400_000;
const outcomes = ['act', 'propose', 'held', 'observe'] as const;

/** `tripkey policy`: what automatic response may do, before it does it. */
export function policyCommand(): Command {
  const policy = new Command('policy').description('what may be done without a person');
  policy
    .command('check')
    .description('check a policy: faults, and what is probably not meant')
    .argument('<file>', 'policy in YAML')
    .option('--json', 'print faults and warnings as JSON')
    .action((file: string, options: { json?: boolean }) => {
      const { faults, warnings } = checkPolicy(readYamlFile(file), new Set(ruleGroups.keys()));
      const lines = [
        ...faults.map((fault) => `fault    ${fault}`),
        ...warnings.map((warning) => `warning  ${warning}`),
        faults.length > 0 ? `${file} cannot be used` : `${file} can be used`,
      ];
      process.stdout.write(
        options.json ? `${JSON.stringify({ faults, warnings })}\n` : `${lines.join('\n')}\n`,
      );
      if (faults.length > 0) process.exitCode = 1;
    });
  policy
    .command('test')
    .description('show what a policy would have done about the findings of the past; nothing is done')
    .argument('<file>', 'policy in YAML')
    .option('--from <time>', 'findings from here on (RFC 3339); seven days ago without it')
    .option('--to <time>', 'up to here; now without it')
    .option('--json', 'print a line of JSON an incident, and the counts last')
    .addHelpText(
      'after',
      `
Reads findings and keys from the ClickHouse that TRIPKEY_CLICKHOUSE__URL names. What people said later of the same
incidents is counted beside: an "act" on what was resolved as false positive would have been a mistake.`,
    )
    .action(async (file: string, options: { from?: string; to?: string; json?: boolean }) => {
      const { policy, faults } = checkPolicy(readYamlFile(file), new Set(ruleGroups.keys()));
      if (!policy) throw new UsageError(`${file} cannot be used:\n  ${faults.join('\n  ')}`);
      const to = options.to ? readTime('--to', options.to) : Date.now();
      const from = options.from ? readTime('--from', options.from) : to - 7 * dayMs;
      if (from >= to) throw new UsageError('--from must be before --to');
      await tryOnStore(policy, { from, to }, options.json === true);
    });
  policy
    .command('kill')
    .description('turn off, at once and everywhere, all that happens without a person; or on again')
    .argument('<on|off|status>', 'on: nothing is stopped without a person; status: how it stands')
    .option('--by <name>', 'who wants it')
    .option('--reason <text>', 'why')
    .action(async (turn: string, options: { by?: string; reason?: string }) => turnKillSwitch(turn, options));
  return policy;
}

async function turnKillSwitch(turn: string, { by, reason }: { by?: string; reason?: string }): Promise<void> {
  if (!['on', 'off', 'status'].includes(turn)) throw new UsageError('say on, off or status');
  const config = readConfig(PolicyConfig, process.env);
  await using store = openStore(config.clickhouse);
  const { killSwitch, auditLog } = onStore(store);
  if (turn !== 'status') {
    if (!by || !reason) throw new UsageError('--by and --reason say who turns it and why');
    const state = { isOn: turn === 'on', by: `cli:${by}`, reason, at: Date.now() };
    const audit = new AuditTrail({ log: auditLog, clock: systemClock });
    const head = { at: state.at, kind: 'kill_switch_turned', actor: state.by };
    audit.add([{ ...head, incident_id: '', incident_seq: 0, data: JSON.stringify(state) }]);
    await audit.flush();
    await killSwitch.turn(state);
  }
  const state = await killSwitch.state();
  const since = state ? ` since ${new Date(state.at).toISOString()} by ${state.by}: ${state.reason}` : '';
  process.stdout.write(`kill switch is ${state?.isOn ? 'on' : 'off'}${since}\n`);
}

async function tryOnStore(policy: ResponsePolicy, span: { from: number; to: number }, json: boolean) {
  const config = readConfig(PolicyConfig, process.env);
  await using store = openStore(config.clickhouse);
  const { storedFindings, keys, incidentLog } = onStore(store);
  await keys.refresh();
  const findings = (await storedFindings(span.from)).filter(
    ({ detected_at }) => Date.parse(detected_at) < span.to,
  );
  const { risk, windowMs, quietMs } = config.incidents;
  const tried = tryPolicy({
    ...{ policy, findings, past: await readPastFacts(store, policy, span), issuers: openIssuers(config) },
    incidents: { groups: ruleGroups, risk, windowMs, quietMs },
    key: (keyId) => keys.get(keyId),
  });
  const judged = new Map<string, string>();
  for (const event of await incidentLog.load(span.from))
    if (event.kind === 'resolved' && event.by) judged.set(event.incident_id, event.reason);

  const acts = tried.filter(({ outcome }) => outcome === 'act');
  const counts = {
    findings: findings.length,
    incidents: tried.length,
    ...Object.fromEntries(
      outcomes.map((outcome) => [outcome, tried.filter((one) => one.outcome === outcome).length]),
    ),
    act_on_false_positive: acts.filter((one) => judged.get(one.incident_id) === 'false_positive').length,
  };
  const lines = json
    ? [...tried.map((one) => JSON.stringify(one)), JSON.stringify(counts)]
    : [
        ...tried.map(inWords),
        Object.entries(counts)
          .map(([name, n]) => `${name} ${n}`)
          .join(', '),
      ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function inWords({ outcome, decided_at, severity, key_id, incident_id, reason }: TriedIncident): string {
  const when = decided_at.slice(0, 16).replace('T', ' ');
  return `${outcome.padEnd(8)} ${when} ${severity.padEnd(8)} ${key_id ?? 'no key'} ${incident_id}: ${reason}`;
}
