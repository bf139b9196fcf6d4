import type { KeyRecord } from '@tripkey/contract';

/** The configured issuer that made a key; a key that names none belongs to the only one. Null when there is none. */
export function issuerOf(issuers: ReadonlyMap<string, unknown>, key: KeyRecord | undefined): string | null {
  if (key?.issuer) return issuers.has(key.issuer) ? key.issuer : null;
  const [only, ...others] = issuers.keys();
  return only !== undefined && others.length === 0 ? only : null;
}
