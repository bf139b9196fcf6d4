import { createHash } from 'node:crypto';
import { Evidence, type Finding } from '@tripkey/contract';
import type { KeyFacts, Rule, Verdict } from '@tripkey/rules';
import type { KeyState } from './key-state.ts';

type Fire = Extract<Verdict, { kind: 'fire' }>;

/** Makes the finding of a rule that fired. */
export function toFinding(
  rule: Rule,
  params: unknown,
  facts: KeyFacts,
  state: KeyState,
  verdict: Fire,
): Finding {
  const subject = { kind: 'key', id: facts.lineageId } as const;
  return {
    finding_id: createHash('sha256')
      .update(JSON.stringify([rule.id, rule.version, subject.kind, subject.id, facts.at]))
      .digest('hex')
      .slice(0, 32),
    rule_id: rule.id,
    rule_version: rule.version,
    title: rule.title,
    subject,
    key_id: facts.keyId,
    account_id: state.accountId,
    app_id: state.appId,
    window_from: new Date(facts.windowFrom).toISOString(),
    window_to: new Date(facts.windowTo).toISOString(),
    detected_at: new Date(facts.at).toISOString(),
    score: round(verdict.score),
    severity: verdict.severity,
    evidence: {
      observed: verdict.observed,
      expected: verdict.expected,
      ...(verdict.quietAt === undefined ? {} : { quiet_at: verdict.quietAt }),
      params: Evidence.shape.params.parse(params),
      sql: rawEventsSql(facts),
      samples: (verdict.samples ?? []).slice(0, 5),
    },
  };
}

/** The query that shows an analyst the events behind a finding. */
function rawEventsSql(facts: KeyFacts): string {
  const key = facts.keyId.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const time = (at: number) =>
    `toDateTime64('${new Date(at).toISOString().replace('T', ' ').replace('Z', '')}', 3, 'UTC')`;
  return (
    `SELECT * FROM requests_raw_v1 WHERE key_id = '${key}' AND ts >= ${time(facts.windowFrom)} ` +
    `AND ts < ${time(facts.windowTo)} ORDER BY ts`
  );
}

function round(score: number): number {
  return Math.round(score * 100) / 100;
}
