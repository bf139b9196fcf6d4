import type { Finding, KeyRecord, Severity } from '@tripkey/contract';
import { createIncidentBook, type IncidentBookOptions } from '../incident/incident-book.ts';
import { type AutomaticStop, checkGuards, type GuardVerdict } from './guards.ts';
import { issuerOf } from './issuer-of.ts';
import type { PastFacts } from './past-facts.ts';
import { decide, type ResponsePolicy } from './policy.ts';

/** What a policy would have done about one incident. */
export interface TriedIncident {
  readonly incident_id: string;
  readonly key_id: string | null;
  readonly severity: Severity;
  readonly rules: readonly string[];
  /** RFC 3339. */
  readonly opened_at: string;
  /** `act`: it would have stopped the key; `held` to the end: data were never complete. */
  readonly outcome: 'act' | 'propose' | 'observe' | 'held';
  /** When that was decided for good, RFC 3339. */
  readonly decided_at: string;
  readonly policy_rule: string | null;
  readonly reason: string;
}

export interface PolicyTrial {
  readonly policy: ResponsePolicy;
  /** In the order of detection. */
  readonly findings: Iterable<Finding>;
  readonly incidents: Omit<IncidentBookOptions, 'onIgnored'>;
  readonly key: (keyId: string) => KeyRecord | undefined;
  readonly issuers: ReadonlyMap<string, unknown>;
  readonly past: PastFacts;
}

const dayMs = 24 * 3_600_000;

/**
 * Runs a policy over findings of the past, with the same incidents, decisions and guards as live, and without doing
 * anything. It takes the data of the past as complete, and keys as their issuers describe them now; an issuer's own
 * mark that protects a key is not asked for.
 */
export function tryPolicy(trial: PolicyTrial): TriedIncident[] {
  const book = createIncidentBook(trial.incidents);
  const tried = new Map<string, TriedIncident>();
  const stops: (AutomaticStop & { readonly at: number })[] = [];
  for (const finding of trial.findings) {
    const at = Date.parse(finding.detected_at);
    book.closeDue(at);
    for (const id of new Set(book.take(finding, at).map((event) => event.incident_id))) {
      const before = tried.get(id)?.outcome;
      // What was ordered or proposed stays; the rest is looked at again with every finding.
      if (before === 'act' || before === 'propose') continue;
      const incident = book.get(id)!;
      const { policy, past } = trial;
      const oddSince = at - policy.oddKeys.withinMs;
      const odd = [...book.incidents()].filter((one) => one.openedAt >= oddSince && one.keyId !== null);
      const key = incident.keyId === null ? undefined : trial.key(incident.keyId);
      const { mode, rule } = decide(policy, incident, key);
      const verdict = (): GuardVerdict | { kind: 'observe'; reason: string } => {
        if (incident.keyId === null) return { kind: 'observe', reason: 'it is not about a single key' };
        if (mode === 'observe')
          return { kind: 'observe', reason: rule ? `policy ${rule}` : 'no policy matches' };
        if (mode === 'propose') return { kind: 'propose', reason: `policy ${rule} proposes`, loud: false };
        if (issuerOf(trial.issuers, key) === null)
          return { kind: 'propose', reason: 'no configured issuer knows the key', loud: false };
        return checkGuards(policy, {
          nowMs: at,
          ...{ incident, key, keyId: incident.keyId, protectedByIssuer: false },
          killedBy: past.killedBy(at),
          stops: stops.filter((stop) => stop.at > at - dayMs),
          ownerOf: (keyId) => trial.key(keyId)?.owner,
          activeKeys: past.activeKeys,
          trafficShare:
            policy.protectedTrafficShare === undefined ? null : past.trafficShare(incident.keyId, at),
          frontierMs: at,
          oddKeys: new Set(odd.map(({ subject }) => subject.id)).size,
        });
      };
      const decided = verdict();
      if (decided.kind === 'act') stops.push({ keyId: incident.keyId!, at });
      tried.set(id, {
        incident_id: id,
        key_id: incident.keyId,
        severity: incident.severity,
        rules: incident.rules.map(({ ruleId }) => ruleId),
        opened_at: new Date(incident.openedAt).toISOString(),
        outcome: decided.kind === 'hold' ? 'held' : decided.kind,
        decided_at: new Date(at).toISOString(),
        policy_rule: rule,
        reason: decided.kind === 'act' ? `policy ${rule}` : decided.reason,
      });
    }
  }
  return [...tried.values()];
}
