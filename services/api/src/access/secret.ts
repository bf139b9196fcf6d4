import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What the secret of a token begins with, so that scanners of code know it. */
export const secretPrefix = 'tripkey_';

/** A new secret of 256 random bits. */
export function newSecret(): string {
  return secretPrefix + randomBytes(32).toString('base64url');
}

/** SHA-256, hexadecimal: enough for what no dictionary holds. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether two texts are equal; takes as long whether and where they differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
