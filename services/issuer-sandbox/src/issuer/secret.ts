import { randomBytes } from 'node:crypto';

/** So that people and scanners see what it is when it leaks. */
const prefix = 'tk_demo_';

/** A new secret: 256 random bits. Shown to its owner once and kept nowhere. */
export function newSecret(): string {
  return prefix + randomBytes(32).toString('base64url');
}
