import { auditedEvents, auditHeads, auditLines, type Store } from '@tripkey/store';
import type { AuditLog } from './audit-log.ts';

/** Incidents of one question: they travel in its address. */
const incidentsMax = 500;

/** The audit log in ClickHouse (`audit_v1`). */
export function clickHouseAuditLog(store: Store): AuditLog {
  return {
    async append(lines) {
      const [first, last] = [lines[0], lines.at(-1)];
      if (!first || !last) return;
      const rows = lines.map((line) => ({ ...line, at: new Date(line.at).toISOString() }));
      await store.insert('audit_v1', rows, `audit:${first.chain}:${first.seq}-${last.seq}`);
    },
    async heads() {
      return (await store.ask(auditHeads, {})).map(({ chain, last, hash }) => ({ chain, seq: last, hash }));
    },
    async recorded(incidentIds) {
      const known = new Set<string>();
      for (let from = 0; from < incidentIds.length; from += incidentsMax) {
        const incidents = incidentIds.slice(from, from + incidentsMax);
        for (const row of await store.ask(auditedEvents, { incidents }))
          known.add(`${row.incident_id}:${row.incident_seq}`);
      }
      return known;
    },
    lines: () => store.ask(auditLines, {}),
  };
}
