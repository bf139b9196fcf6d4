import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two texts are equal; takes as long whether and where they differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
