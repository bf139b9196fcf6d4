import type { Subject } from '@tripkey/contract';
import { lineageKeys, type RequestSubject } from '@tripkey/store/reading';
import type { AnswerParts } from './answer-parts.ts';

/** How the requests of a subject are found. */
export interface SubjectRequests {
  readonly subject: RequestSubject;
  readonly ids: readonly string[];
}

/** The keys of a lineage, or the subject itself. */
export async function requestsOfSubject(
  { store }: Pick<AnswerParts, 'store'>,
  { kind, id }: Subject,
  keyId: string | null,
  now: number,
  signal?: AbortSignal,
): Promise<SubjectRequests> {
  if (kind !== 'key') return { subject: kind, ids: [id] };
  const rows = await store.ask(lineageKeys, { lineage_id: id, now }, signal);
  const keys = new Set([...rows.map(({ key_id }) => key_id), ...(keyId === null ? [id] : [keyId])]);
  return { subject: 'key', ids: [...keys] };
}
