import { createHash } from 'node:crypto';
import { type Finding, subjectKey } from '@tripkey/contract';
import { type Clock, type Logger, repeat } from '@tripkey/service-kit';
import { findingToRow, type Store } from '@tripkey/store';
import type { Sink } from '@tripkey/stream';
import type { Leak } from './pipeline.ts';

export interface LeakFindingsParts {
  readonly store: Store;
  readonly findings: Sink;
  readonly clock: Clock;
  readonly log: Logger;
  /** How often findings are made of what was noted, ms. Default 5,000. */
  readonly everyMs?: number;
}

/** Tells the security team which gateways send secrets. */
export interface LeakFindings {
  /** Notes a leak; cheap, as a gateway may leak with every request. */
  note(leak: Leak): void;
  /** Makes findings until `stop` aborts, and once more then. */
  run(stop: AbortSignal): Promise<void>;
}

export const leakRuleId = 'gateway-leaks-secret';
const hourMs = 3_600_000;
/** Gateways that are told apart in an hour; leaks of any more are told of together. */
const gatewaysMax = 1_000;
const otherGateways = '(others)';
/** It is not a matter of chance: a value of that form does not come about by itself. */
const certain = 6;

/** Leaks of one gateway that no finding has told of yet. */
interface Noted {
  readonly gateway: string;
  readonly hour: number;
  readonly fields: Set<string>;
  readonly kinds: Set<string>;
  readonly samples: Leak[];
  count: number;
}

/**
 * One finding a gateway and hour, as soon as there is a leak: how many more follow in that hour is told by
 * `tripkey_ingest_secrets_total`. What a crash forgets is noted again with the next leak.
 */
export function createLeakFindings(parts: LeakFindingsParts): LeakFindings {
  const { store, findings: sink, clock, log } = parts;
  const noted = new Map<string, Noted>();
  let told = new Set<string>();
  let toldHour = 0;

  function note(leak: Leak): void {
    const hour = Math.floor(leak.arrivedAtMs / hourMs) * hourMs;
    const named = leak.gateway || 'unknown';
    const known = told.has(`${hour} ${named}`) || noted.has(`${hour} ${named}`);
    const gateway = known || told.size + noted.size < gatewaysMax ? named : otherGateways;
    const place = `${hour} ${gateway}`;
    if (told.has(place)) return;
    let entry = noted.get(place);
    if (!entry) {
      entry = { gateway, hour, fields: new Set(), kinds: new Set(), samples: [], count: 0 };
      noted.set(place, entry);
    }
    entry.count++;
    entry.fields.add(leak.field);
    entry.kinds.add(leak.kind);
    if (entry.samples.length < 5) entry.samples.push(leak);
  }

  /** A failed attempt leaves everything noted; the same finding twice has the same id. */
  async function tell(): Promise<void> {
    const now = clock.now();
    if (noted.size === 0) return;
    const entries = [...noted];
    const findings = entries.map(([, entry]) => toFinding(entry, now));
    const ids = findings.map(({ finding_id }) => finding_id).join();
    const token = `leaks:${createHash('sha256').update(ids).digest('hex')}`;
    await store.insert('findings_v1', findings.map(findingToRow), token);
    await sink.send(
      findings.map((finding) => ({ key: subjectKey(finding.subject), value: JSON.stringify(finding) })),
    );
    const hour = Math.floor(now / hourMs) * hourMs;
    if (hour !== toldHour) told = new Set();
    toldHour = hour;
    for (const [place, entry] of entries) {
      noted.delete(place);
      told.add(place);
      const { gateway, fields, kinds, count } = entry;
      log.warn({ gateway, fields: [...fields], kinds: [...kinds], count }, 'a gateway sends secrets');
    }
  }

  const tellOrKeep = () =>
    tell().catch((error: unknown) => {
      log.warn({ err: error }, 'a finding about leaked secrets could not be stored, trying again');
    });

  return {
    note,
    async run(stop) {
      await repeat(parts.everyMs ?? 5_000, tellOrKeep, clock, stop);
      await tellOrKeep();
    },
  };
}

function toFinding({ gateway, hour, fields, kinds, samples, count }: Noted, now: number): Finding {
  const id = JSON.stringify([leakRuleId, 1, 'gateway', gateway, hour]);
  return {
    finding_id: createHash('sha256').update(id).digest('hex').slice(0, 32),
    rule_id: leakRuleId,
    rule_version: 1,
    title: 'Gateway sends secrets in its events',
    subject: { kind: 'gateway', id: gateway },
    key_id: null,
    account_id: '',
    app_id: '',
    window_from: new Date(hour).toISOString(),
    window_to: new Date(hour + hourMs).toISOString(),
    detected_at: new Date(now).toISOString(),
    score: certain,
    severity: 'medium',
    evidence: {
      observed: { secrets: count, fields: [...fields], kinds: [...kinds] },
      expected: { secrets: 0 },
      quiet_at: 0,
      params: {},
      samples: samples.map(({ field, kind, keyId, position }) => ({
        field,
        kind,
        key_id: keyId,
        place: `${position.topic}/${position.partition}/${position.offset}`,
      })),
    },
  };
}
