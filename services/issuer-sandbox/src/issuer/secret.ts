import { createHash, randomBytes } from 'node:crypto';

/** So that people and scanners see what it is when it leaks. */
const prefix = 'tk_demo_';

/** A new secret: 256 random bits. Shown to its owner once and kept nowhere. */
export function newSecret(): string {
  return prefix + randomBytes(32).toString('base64url');
}

/**
 * What is kept of a secret. One plain SHA-256 is right here, unlike for passwords: nobody can go through 2^256 random
 * values, so there is nothing that salt or slowness would protect, and the gateway can look a key up by its hash.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
