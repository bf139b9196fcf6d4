import { createHash } from 'node:crypto';
import { Evidence, type Finding, type Subject } from '@tripkey/contract';
import {
  type AdviceFacts,
  type AdviceRule,
  type FleetFacts,
  type FleetRule,
  factsRead,
  type GatewayFacts,
  type GatewayRule,
  type KeyFacts,
  type Rule,
  type RuleOf,
  type SourceFacts,
  type SourceRule,
  type Verdict,
} from '@tripkey/rules';
import { allow, allowedBy, isAllowed } from './allow.ts';
import type { Lesson } from './decisions.ts';
import type { KeyState } from './key-state.ts';

type Fire = Extract<Verdict, { kind: 'fire' }>;

/** What a rule may have looked at is kept with its finding up to this size as JSON. */
const factsCharactersMax = 16_384;

/** The finding of a rule that fired on a key. */
export function keyFinding(
  rule: Rule,
  params: unknown,
  facts: KeyFacts,
  state: KeyState,
  verdict: Fire,
  lesson?: Lesson,
): Finding {
  const finding = {
    ...common(
      rule,
      params,
      { kind: 'key', id: facts.lineageId },
      facts,
      allow(verdict, lesson),
      `key_id = ${quoted(facts.keyId)}`,
    ),
    key_id: facts.keyId,
    account_id: state.accountId,
    app_id: state.appId,
  };
  if (!lesson || !isAllowed(verdict, lesson)) return finding;
  return { ...finding, evidence: { ...finding.evidence, allowed: allowedBy(lesson) } };
}

/** The finding of a rule that fired on a client address. */
export function sourceFinding(rule: SourceRule, params: unknown, facts: SourceFacts, verdict: Fire): Finding {
  const where = `client_ip = toIPv6(${quoted(facts.ip)})`;
  return {
    ...common(rule, params, { kind: 'source', id: facts.ip }, facts, verdict, where),
    ...ofNoKey,
  };
}

/** The finding of a rule that fired on a gateway. */
export function gatewayFinding(
  rule: GatewayRule,
  params: unknown,
  facts: GatewayFacts,
  verdict: Fire,
): Finding {
  const where = `gateway = ${quoted(facts.gateway)}`;
  return {
    ...common(rule, params, { kind: 'gateway', id: facts.gateway }, facts, verdict, where),
    ...ofNoKey,
  };
}

/** The finding of a rule that fired on all keys together. */
export function fleetFinding(rule: FleetRule, params: unknown, facts: FleetFacts, verdict: Fire): Finding {
  return { ...common(rule, params, { kind: 'fleet', id: 'all' }, facts, verdict, '1'), ...ofNoKey };
}

/** The finding of a rule that advises how a key is kept. */
export function adviceFinding(rule: AdviceRule, params: unknown, facts: AdviceFacts, verdict: Fire): Finding {
  const { key, keyId, lineageId } = facts;
  return {
    ...common(rule, params, { kind: 'key', id: lineageId }, facts, verdict, `key_id = ${quoted(keyId)}`),
    key_id: keyId,
    account_id: key.account_id ?? '',
    app_id: key.app_id ?? '',
  };
}

const ofNoKey = { key_id: null, account_id: '', app_id: '' };

/** What every rule's facts tell of time. */
interface Judged {
  readonly at: number;
  readonly windowFrom: number;
  readonly windowTo: number;
}

/** What a verdict says, as findings hold it. */
export function told(verdict: Fire) {
  return {
    score: Math.round(verdict.score * 100) / 100,
    severity: verdict.severity,
    observed: verdict.observed,
    expected: verdict.expected,
    ...(verdict.quietAt === undefined ? {} : { quiet_at: verdict.quietAt }),
    samples: (verdict.samples ?? []).slice(0, 5),
  };
}

function common<F extends Judged>(
  rule: RuleOf<F>,
  params: unknown,
  subject: Subject,
  facts: F,
  verdict: Fire,
  where: string,
) {
  const { score, severity, ...numbers } = told(verdict);
  return {
    finding_id: createHash('sha256')
      .update(JSON.stringify([rule.id, rule.version, subject.kind, subject.id, where, facts.at]))
      .digest('hex')
      .slice(0, 32),
    rule_id: rule.id,
    rule_version: rule.version,
    title: rule.title,
    subject,
    window_from: new Date(facts.windowFrom).toISOString(),
    window_to: new Date(facts.windowTo).toISOString(),
    detected_at: new Date(facts.at).toISOString(),
    score,
    severity,
    evidence: {
      ...numbers,
      params: Evidence.shape.params.parse(params),
      sql: rawEventsSql(where, facts.windowFrom, facts.windowTo),
      ...keptFacts(factsRead(facts, (watched) => rule.evaluate(watched, params))),
    },
  };
}

/** As much as may be kept; an attacker who shows very much news must not make findings very large. */
function keptFacts(read: Record<string, unknown>): Pick<Evidence, 'facts'> {
  return JSON.stringify(read).length <= factsCharactersMax ? { facts: read } : {};
}

/** The query that shows an analyst the events behind a finding. */
function rawEventsSql(where: string, from: number, to: number): string {
  const time = (at: number) => quoted(new Date(at).toISOString().replace('T', ' ').replace('Z', ''));
  return (
    `SELECT * FROM requests_raw_v1 WHERE ${where} AND ts >= toDateTime64(${time(from)}, 3, 'UTC') ` +
    `AND ts < toDateTime64(${time(to)}, 3, 'UTC') ORDER BY ts`
  );
}

function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
