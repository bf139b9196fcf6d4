import { verifyStoredAudit } from '@tripkey/alerter';
import { auditPage } from '@tripkey/store/reading';
import * as z from 'zod';
import { fromCursor, pageFrom } from '../http/cursor.ts';
import type { HandlersOf } from '../http/handler.ts';
import type { AnswerParts } from './answer-parts.ts';
import { readFilterSpan } from './read-span.ts';
import { iso } from './times.ts';

const Place = z.tuple([z.int(), z.string(), z.int()]);

/** Who did what, and whether the record of it is whole. */
export function auditAnswers({ store, clock }: AnswerParts): HandlersOf<'listAudit' | 'verifyAudit'> {
  /** One at a time: it reads the whole record. */
  let verifying: ReturnType<typeof verifyStoredAudit> | null = null;
  return {
    async listAudit({ query, signal }) {
      const { limit, actor = '', kind, incident_id = '' } = query;
      const after = fromCursor(query.cursor, Place);
      const rows = await store.ask(
        auditPage,
        {
          ...{ actor, kinds: kind === undefined ? [] : [kind], incident_id, ...readFilterSpan(query) },
          ...{ has_place: after !== null, after_at: after?.[0] ?? 0 },
          ...{ after_chain: after?.[1] ?? '', after_seq: after?.[2] ?? 0, rows: limit + 1 },
        },
        signal,
      );
      return pageFrom(
        rows,
        limit,
        (row) => [row.at, row.chain, row.seq],
        ({ at, data, ...row }) => ({ ...row, at: iso(at), data: parsed(data) }),
      );
    },
    async verifyAudit() {
      verifying ??= verifyStoredAudit(store).finally(() => {
        verifying = null;
      });
      const { chains, lines, faults, heads } = await verifying;
      return {
        ...{ whole: faults.length === 0, chains, lines, faults: [...faults], heads: [...heads] },
        checked_at: iso(clock.now()),
      };
    },
  };
}

/** What a line says. One that was tampered with may say anything, and is shown all the same. */
function parsed(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {}
  return { unreadable: data };
}
