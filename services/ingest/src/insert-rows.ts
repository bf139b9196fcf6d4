import { requestColumns, type Store } from '@tripkey/store';
import type { DeadLetter } from './dead-letter.ts';

/** The body of an insert of encoded rows (`encodeRow`). */
export function requestsBody(lines: readonly string[]): Buffer {
  return lines.length === 0 ? Buffer.alloc(0) : Buffer.from(`${lines.join('\n')}\n`);
}

/**
 * Inserts rows into the raw table, as one block.
 * @param body made by `requestsBody`
 * @param token the same rows under the same token again change nothing
 */
export async function insertRequests(
  store: Store,
  body: Buffer,
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  await store.insertCompact('requests_raw_v1', requestColumns, body, token, signal);
}

/** Inserts dead letters where the console and analysts see them. */
export async function insertDeadLetters(
  store: Store,
  deadLetters: readonly DeadLetter[],
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  await store.insert('dead_letters_v1', deadLetters, token, signal);
}
