import * as z from 'zod';

/** `missing` is an issuer's word: it does not know the key. */
export const keyStatuses = ['active', 'disabled', 'revoked', 'expired'] as const;

const time = z.iso.datetime({ offset: true });

/** What an issuer says about a key (KeyRecord v1). Never a secret; of its hashes only keyed ones of them are stored. */
export const KeyRecord = z.object({
  key_id: z.string().min(1).max(256),
  lineage_id: z
    .string()
    .max(256)
    .optional()
    .describe("a rotated key inherits its predecessor's; absent: key_id"),
  account_id: z.string().max(256).optional(),
  app_id: z.string().max(256).optional(),
  name: z.string().max(256).optional(),
  owner: z
    .string()
    .max(256)
    .optional()
    .describe('who is told when the key is stopped, an e-mail address or handle'),
  issuer: z
    .string()
    .max(64)
    .optional()
    .describe('which configured issuer made the key; absent: the only one'),
  secret_hashes: z
    .array(z.string().regex(/^[0-9a-f]{64}$/i))
    .max(8)
    .optional()
    .describe(
      'SHA-256 of the secret in hex, and other hashes by which leak feeds name it: finds the key when its secret is ' +
        'reported; only for random secrets',
    ),
  scopes: z.array(z.string().max(128)).default([]),
  rate_limit: z.number().nonnegative().nullish().describe('requests a minute'),
  quota: z.number().nonnegative().nullish().describe('requests a month'),
  created_at: time.nullish(),
  expires_at: time.nullish(),
  rotated_at: time.nullish(),
  revoked_at: time.nullish(),
  status: z.enum(keyStatuses).default('active'),
  protected: z.boolean().default(false).describe('stopping it needs two people'),
  tags: z.record(z.string().max(64), z.string().max(256)).default({}),
});
export type KeyRecord = z.infer<typeof KeyRecord>;

/** The identity that baselines belong to: a rotated key goes on where its predecessor was. */
export function lineageOf(key: Pick<KeyRecord, 'key_id' | 'lineage_id'>): string {
  return key.lineage_id || key.key_id;
}
