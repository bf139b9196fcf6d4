import { createHash, createHmac } from 'node:crypto';

/** SHA-256 of a secret, hex: what issuers usually keep of it. Enough for random secrets, which no dictionary holds. */
export function hashSecret(secret: string | Uint8Array): string {
  return createHash('sha256').update(secret).digest('hex');
}

/**
 * What stands for a secret everywhere in Tripkey: HMAC-SHA256, keyed with the installation's pepper, over a hash of the
 * secret in hex; the first 128 bits of it. Made of a hash, so that an issuer that keeps only hashes can tell us what to
 * look for; keyed, so that what we keep says nothing to anybody without the pepper.
 * @param pepper secret of this installation
 * @param hash of {@link hashSecret}, or another hash in hex that two parties agree on
 */
export function secretFingerprint(pepper: string | Uint8Array, hash: string): string {
  return createHmac('sha256', pepper).update(hash.toLowerCase()).digest('hex').slice(0, 32);
}
