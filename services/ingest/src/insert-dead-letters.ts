import type { Store } from '@tripkey/store';
import type { DeadLetter } from './dead-letter.ts';

/** Inserts dead letters where the console and analysts see them. */
export async function insertDeadLetters(
  store: Store,
  deadLetters: readonly DeadLetter[],
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  await store.insert('dead_letters_v1', deadLetters, token, signal);
}
