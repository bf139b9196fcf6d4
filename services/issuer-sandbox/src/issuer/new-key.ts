import { randomBytes } from 'node:crypto';
import { KeyRecord } from '@tripkey/contract';
import * as z from 'zod';

/** What can be said about a key that is to be made, as it comes over HTTP. */
export const WireNewKey = z.strictObject({
  ...KeyRecord.pick({
    lineage_id: true,
    account_id: true,
    app_id: true,
    name: true,
    owner: true,
    rate_limit: true,
    expires_at: true,
    protected: true,
    tags: true,
  }).shape,
  key_id: z
    .string()
    .regex(/^(?!unknown$)[A-Za-z0-9][\w.:-]{2,127}$/)
    .default(() => `key_${randomBytes(6).toString('hex')}`),
  scopes: z
    .array(
      z
        .string()
        .regex(/^(read|write):[a-z][a-z-]*$/, 'a scope is read:… or write:… and the name of a resource'),
    )
    .max(64)
    .default([]),
});

/** The same for callers in this process. */
export interface NewKey {
  /** Public id; a fresh one unless given. */
  readonly keyId?: string;
  readonly lineageId?: string;
  readonly name: string;
  readonly accountId: string;
  readonly appId: string;
  readonly owner: string;
  /** `read:leads`, `write:deals` and so on; none: the key opens nothing. */
  readonly scopes: readonly string[];
  /** Requests a minute; without one the gateway does not limit. */
  readonly rateLimit?: number;
  /** RFC 3339. */
  readonly expiresAt?: string;
  readonly protected?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

export function toWireNewKey(key: NewKey): z.input<typeof WireNewKey> {
  return {
    key_id: key.keyId,
    lineage_id: key.lineageId,
    name: key.name,
    account_id: key.accountId,
    app_id: key.appId,
    owner: key.owner,
    scopes: [...key.scopes],
    rate_limit: key.rateLimit,
    expires_at: key.expiresAt,
    protected: key.protected,
    tags: key.tags && { ...key.tags },
  };
}
