import * as z from 'zod';
import type { IncidentEvent } from '../incident/incident-event.ts';
import { type AuditHead, type AuditLine, canonicalJson, hashOf, noHash } from './audit-line.ts';
import { isAudited } from './audit-trail.ts';

export interface AuditFault {
  readonly chain: string;
  readonly seq: number;
  readonly fault:
    | 'edited'
    | 'missing'
    | 'order'
    | 'no_opening'
    | 'cut_off'
    | 'incident_log_differs'
    | 'not_on_record';
  readonly detail: string;
}

export interface AuditVerdict {
  readonly chains: number;
  readonly lines: number;
  readonly faults: readonly AuditFault[];
  /** Ends of chains that nothing holds yet: kept elsewhere, they show later that nothing was cut off since. */
  readonly heads: readonly AuditHead[];
}

const Opening = z.object({
  heads: z.array(z.object({ chain: z.string(), seq: z.int(), hash: z.string() })),
});

/** Earlier releases did not say which. */
const Erasure = z.object({ incidents: z.array(z.string()) });

/**
 * Whether the audit log is whole: every line follows from the one before, every chain holds on to those before it, and
 * the incident log says what is on record. `known` are heads that were kept elsewhere.
 *
 * It notices any line that was edited, taken out or put in. Whoever can write the table and knows this code could
 * make all chains anew; heads that are kept elsewhere show that.
 */
export function verifyAudit(
  lines: readonly AuditLine[],
  events: readonly IncidentEvent[],
  known: readonly AuditHead[] = [],
): AuditVerdict {
  const faults: AuditFault[] = [];
  const chains = Map.groupBy(lines, ({ chain }) => chain);
  const hashes = new Set(lines.map(({ chain, seq, hash }) => `${chain} ${seq} ${hash}`));
  const held = new Set<string>();
  const mustBeThere = (head: AuditHead, by: string) => {
    held.add(`${head.chain} ${head.seq}`);
    if (hashes.has(`${head.chain} ${head.seq} ${head.hash}`)) return;
    faults.push({ ...placeOf(head), fault: 'cut_off', detail: `${by} holds a line that is not there` });
  };
  for (const chain of chains.values()) {
    faults.push(...faultsOf(chain));
    const opening = Opening.safeParse(parsed(chain[0]!.data));
    if (chain[0]!.kind === 'chain_opened' && opening.success)
      for (const head of opening.data.heads) mustBeThere(head, `chain ${chain[0]!.chain}`);
    else faults.push({ ...placeOf(chain[0]!), fault: 'no_opening', detail: 'the chain does not begin' });
  }
  for (const head of known) mustBeThere(head, 'the head that was kept');
  faults.push(...differences(lines, events));
  const heads = [...chains.values()].map((chain) => chain.at(-1)!).filter((line) => !held.has(key(line)));
  return {
    chains: chains.size,
    lines: lines.length,
    faults,
    heads: heads.map(({ chain, seq, hash }) => ({ chain, seq, hash })),
  };
}

/** Faults inside one chain. */
function faultsOf(chain: readonly AuditLine[]): AuditFault[] {
  const faults: AuditFault[] = [];
  let before: { seq: number; hash: string } = { seq: 0, hash: noHash };
  for (const line of chain) {
    const { hash, ...said } = line;
    // The same insert twice, before the engine has merged it.
    if (line.seq === before.seq && hash === before.hash && hashOf(said) === hash) continue;
    if (hashOf(said) !== hash)
      faults.push({ ...placeOf(line), fault: 'edited', detail: 'its hash does not fit' });
    if (line.seq > before.seq + 1)
      faults.push({ ...placeOf(line), fault: 'missing', detail: `nothing after ${before.seq}` });
    else if (line.seq !== before.seq + 1 || line.prev_hash !== before.hash)
      faults.push({ ...placeOf(line), fault: 'order', detail: 'it does not follow from the line before' });
    before = { seq: line.seq, hash };
  }
  return faults;
}

/** Where the incident log and the record say different things. */
function differences(lines: readonly AuditLine[], events: readonly IncidentEvent[]): AuditFault[] {
  const faults: AuditFault[] = [];
  const recorded = new Map(
    lines
      .filter(({ incident_seq }) => incident_seq > 0)
      .map((line) => [`${line.incident_id}:${line.incident_seq}`, line]),
  );
  const there = new Map(
    events.filter(isAudited).map((event) => [`${event.incident_id}:${event.seq}`, event]),
  );
  const erased = new Set(lines.flatMap(erasedIncidents));
  for (const [name, line] of recorded) {
    const event = there.get(name);
    if (!event && erased.has(line.incident_id)) continue;
    if (event && canonicalJson(event) === line.data) continue;
    const detail = `incident ${line.incident_id}, entry ${line.incident_seq} ${event ? 'was changed' : 'is gone'}`;
    faults.push({ ...placeOf(line), fault: 'incident_log_differs', detail });
  }
  for (const [name, { incident_id, seq, kind }] of there) {
    if (recorded.has(name)) continue;
    const detail = `incident ${incident_id}, entry ${seq} (${kind}) is not on record`;
    faults.push({ chain: '', seq: 0, fault: 'not_on_record', detail });
  }
  return faults;
}

/** Incidents that an erasure, which is on record itself, took out. */
function erasedIncidents({ kind, data }: AuditLine): readonly string[] {
  if (kind !== 'account_erase_begun') return [];
  return Erasure.safeParse(parsed(data)).data?.incidents ?? [];
}

function placeOf({ chain, seq }: { chain: string; seq: number }) {
  return { chain, seq };
}

function key({ chain, seq }: { chain: string; seq: number }): string {
  return `${chain} ${seq}`;
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
