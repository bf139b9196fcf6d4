import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathSegment } from '../http/base-url.ts';

/** More than any token has, bytes. */
const tokenBytesMax = 64 * 1_024;

/**
 * Finds tokens in a folder, such as a mounted secret: a file each, named by the key's id (percent-encoded where needed).
 * They are read when they are needed and not kept.
 * @returns null for a key that has no file
 * @throws what reading throws otherwise
 */
export function tokensFolder(folder: string): (keyId: string) => Promise<string | null> {
  return async (keyId) => {
    const name = pathSegment(keyId);
    if (!name) return null;
    try {
      const token = (await readFile(join(folder, name), 'utf8')).trim();
      return token === '' || token.length > tokenBytesMax ? null : token;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  };
}
