import { createHash, timingSafeEqual } from 'node:crypto';
import type { TokenBook } from '@tripkey/store';
import { StoreUnavailableError } from './group-commit.ts';

/** Whether a bearer token may send events. */
export type Authorize = (token: string) => boolean | Promise<boolean>;

/**
 * Accepts tokens whose SHA-256 (64 hex digits) is listed. The comparison takes equally long whether and where they
 * differ. With an empty list nobody is let in.
 * @throws {RangeError} when an entry is not a SHA-256
 */
export function acceptTokens(sha256Hex: readonly string[]): Authorize {
  const hashes = sha256Hex.map((hex) => {
    if (!/^[0-9a-f]{64}$/i.test(hex)) throw new RangeError('a token hash is 64 hex digits (SHA-256)');
    return Buffer.from(hex, 'hex');
  });
  return (token) => {
    const hash = createHash('sha256').update(token).digest();
    let found = false;
    for (const known of hashes) found = timingSafeEqual(hash, known) || found;
    return found;
  };
}

/**
 * Accepts the listed tokens as `acceptTokens` does, which needs no store, and those that people made with the scope
 * `emit`, for as long as they work.
 */
export function acceptTokensAnd(sha256Hex: readonly string[], book: Pick<TokenBook, 'find'>): Authorize {
  const isListed = acceptTokens(sha256Hex);
  return async (token) => {
    if (await isListed(token)) return true;
    try {
      return (await book.find(token))?.scopes.includes('emit') ?? false;
    } catch (cause) {
      throw new StoreUnavailableError('which tokens work could not be read', { cause });
    }
  };
}
