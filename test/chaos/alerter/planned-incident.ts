import { createHash } from 'node:crypto';
import type { Finding } from '@tripkey/contract';
import { aFinding } from '@tripkey/contract/testing';
import type { SeededRandom } from '../seeded-random.ts';

/** One incident that is to come about, and what has to become of it. Times are ms from the start. */
export interface PlannedIncident {
  readonly keyId: string;
  readonly findings: readonly { readonly at: number; readonly finding: Finding }[];
  /** Whether the policy stops this key. */
  readonly stopped: boolean;
  /** Whether a gateway lets a request of the key through after the stop. */
  readonly leaks: boolean;
}

/** Tag by which the policy leaves keys alone. */
export const observedTag = { response: 'observe' };

/** Findings of rules of different groups, none of which opens an incident by itself. */
const weakRules = ['volume-spike', 'new-network'];

/**
 * Incidents spread over a time. Half of them open by one strong finding, half by two weak ones some seconds apart, so
 * that a restart in between has to remember; all get worse once more before they go quiet.
 */
export function planIncidents(count: number, overMs: number, random: SeededRandom): PlannedIncident[] {
  return Array.from({ length: count }, (_, number) => {
    const keyId = `key_chaos_${number}`;
    const at = random.whole(0, overMs);
    const begins =
      random.next() < 0.5
        ? [{ at, finding: planned(keyId, 'volume-spike', 5, 'medium') }]
        : weakRules.map((rule, i) => ({
            at: at + i * random.whole(500, 4_000),
            finding: planned(keyId, rule, 2.5, 'low'),
          }));
    const opensAt = begins.at(-1)!.at;
    const worse = {
      at: opensAt + random.whole(1_000, 8_000),
      finding: planned(keyId, 'leak', 9, 'critical'),
    };
    const stopped = random.next() < 0.8;
    return { keyId, findings: [...begins, worse], stopped, leaks: stopped && random.next() < 0.1 };
  });
}

function planned(keyId: string, rule: string, score: number, severity: Finding['severity']): Finding {
  const id = createHash('sha256').update(`${keyId} ${rule}`).digest('hex').slice(0, 32);
  const subject = { kind: 'key', id: keyId } as const;
  return aFinding({
    ...{ finding_id: id, rule_id: rule, score, severity, subject, key_id: keyId },
    title: `${rule} of <!channel> *chaos*`,
  });
}

/** The finding as if it had been detected now. */
export function detectedNow(finding: Finding, nowMs: number): Finding {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    ...finding,
    window_from: time(nowMs - 60_000),
    window_to: time(nowMs),
    detected_at: time(nowMs),
  };
}
