import * as z from 'zod';
import type { AuditHead, AuditLine } from '../audit/audit-line.ts';
import type { AuditLog } from '../audit/audit-log.ts';

const Opening = z.object({ heads: z.array(z.object({ chain: z.string(), seq: z.number() })) });

/** The audit log without a database. */
export class InMemoryAuditLog implements AuditLog {
  readonly written: AuditLine[] = [];
  /** How many of the next appends fail. */
  failures = 0;

  async append(lines: readonly AuditLine[]): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the audit log does not answer');
    }
    this.written.push(...lines);
  }

  async heads(): Promise<AuditHead[]> {
    const held = this.written
      .filter(({ kind }) => kind === 'chain_opened')
      .flatMap(({ data }) => Opening.parse(JSON.parse(data)).heads)
      .map(({ chain, seq }) => `${chain} ${seq}`);
    const last = Map.groupBy(this.written, ({ chain }) => chain).values();
    return [...last]
      .map((chain) => chain.at(-1)!)
      .filter(({ chain, seq }) => !held.includes(`${chain} ${seq}`))
      .map(({ chain, seq, hash }) => ({ chain, seq, hash }));
  }

  async recorded(incidentIds: readonly string[]): Promise<Set<string>> {
    const lines = this.written.filter(({ incident_id }) => incidentIds.includes(incident_id));
    return new Set(lines.map(({ incident_id, incident_seq }) => `${incident_id}:${incident_seq}`));
  }

  async lines(): Promise<AuditLine[]> {
    return [...this.written];
  }
}
