import { requestColumns, type Store } from '@tripkey/store';
import type { DeadLetter } from './dead-letter.ts';

/**
 * Inserts encoded rows (`encodeRow`) into the raw table, as one block.
 * @param token the same rows under the same token again change nothing
 */
export async function insertRequests(
  store: Store,
  lines: readonly string[],
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  if (lines.length === 0) return;
  const body = Buffer.from(`${lines.join('\n')}\n`);
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
