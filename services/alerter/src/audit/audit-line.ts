import { createHash } from 'node:crypto';

/** Something that happened and has to be on record. */
export interface AuditEntry {
  /** When, epoch ms. */
  readonly at: number;
  readonly kind: string;
  /** `policy`, `system`, or a person such as `slack:U0123`. */
  readonly actor: string;
  /** Incident, and its entry in the incident log; '' and 0 when there is none. */
  readonly incident_id: string;
  readonly incident_seq: number;
  /** JSON with sorted names; ids and reasons, never a secret. */
  readonly data: string;
}

/** An entry in its chain. */
export interface AuditLine extends AuditEntry {
  readonly chain: string;
  readonly seq: number;
  readonly prev_hash: string;
  readonly hash: string;
}

/** The last line of a chain. */
export interface AuditHead {
  readonly chain: string;
  readonly seq: number;
  readonly hash: string;
}

/** What stands before the first line of a chain. */
export const noHash = '0'.repeat(64);

/** The line that follows a head. */
export function chained(entry: AuditEntry, head: AuditHead): AuditLine {
  const line = { ...entry, chain: head.chain, seq: head.seq + 1, prev_hash: head.hash };
  return { ...line, hash: hashOf(line) };
}

/** SHA-256 of everything that a line says, hexadecimal. */
export function hashOf(line: Omit<AuditLine, 'hash'>): string {
  const { prev_hash, chain, seq, at, kind, actor, incident_id, incident_seq, data } = line;
  const said = [prev_hash, chain, seq, at, kind, actor, incident_id, incident_seq, data];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

/** JSON in which equal things are equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
