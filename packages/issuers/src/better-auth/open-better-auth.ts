import * as z from 'zod';
import { byState, type Written } from '../by-state.ts';
import { afterMsDefault } from '../http/call-http.ts';
import type { KeyIssuer, KeyReading } from '../key-issuer.ts';

/** What is used of a Better Auth instance with the API key plugin, such as the one that `betterAuth()` returns. */
export interface BetterAuthInstance {
  readonly api: {
    updateApiKey(input: {
      body: { keyId: string; userId: string; enabled: boolean; configId?: string };
    }): Promise<unknown>;
  };
  readonly $context: Promise<{
    readonly adapter: {
      findOne(query: { model: string; where: { field: string; value: string }[] }): Promise<unknown>;
    };
  }>;
}

export interface BetterAuthOptions {
  /** As configuration and key records call it. */
  readonly name: string;
  readonly auth: BetterAuthInstance;
}

const StoredKey = z.object({
  id: z.string(),
  enabled: z.boolean(),
  /** The user or organization whose key it is. */
  referenceId: z.string(),
  configId: z.string().nullish(),
  expiresAt: z.coerce.date().nullish(),
});
const UpdatedKey = z.object({ id: z.string(), enabled: z.boolean() });
const ApiFailure = z.object({ statusCode: z.int() });

/**
 * API keys of Better Auth, in the process that has them: its HTTP routes let only a key's owner change it, so this runs
 * beside `betterAuth()`, and `serveIssuer` of the generic door gives Tripkey a way in. Keys that belong to organizations
 * are refused where the plugin asks for a member: there is none to name.
 */
export function openBetterAuth({ name, auth }: BetterAuthOptions): KeyIssuer {
  async function find(keyId: string): Promise<z.infer<typeof StoredKey> | null> {
    const { adapter } = await auth.$context;
    const row = await adapter.findOne({ model: 'apikey', where: [{ field: 'id', value: keyId }] });
    return row === null || row === undefined ? null : StoredKey.parse(row);
  }
  const trouble = { why: 'unavailable', afterMs: afterMsDefault } as const;

  return byState({
    name,
    capabilities: {
      actions: new Set(['disable', 'enable']),
      reach: 'key',
      propagationMs: 0, // every check reads the key
      undo: { disable: { withinMs: null } },
    },
    async read(keyId, signal): Promise<KeyReading> {
      const key = await find(keyId).catch(() => undefined);
      signal?.throwIfAborted();
      if (key === undefined) return { state: 'unknown', ...trouble };
      return key ? toReading(key) : { state: 'missing' };
    },
    async write(keyId, action, signal): Promise<Written> {
      const enabled = action === 'enable';
      try {
        const key = await find(keyId);
        if (!key) return { kind: 'refused', code: 'key_not_found' };
        const { referenceId: userId, configId } = key;
        const body = { keyId, userId, enabled, ...(configId ? { configId } : {}) };
        const updated = UpdatedKey.safeParse(await auth.api.updateApiKey({ body })).data;
        if (updated?.id === keyId && updated.enabled === enabled) {
          return { kind: 'written', state: enabled ? 'active' : 'disabled' };
        }
        return { kind: 'retry', ...trouble, why: 'malformed', ambiguous: true };
      } catch (error) {
        const { statusCode = 500 } = ApiFailure.safeParse(error).data ?? {};
        if (statusCode === 404) return { kind: 'refused', code: 'key_not_found' };
        if (statusCode === 401 || statusCode === 403) return { kind: 'refused', code: 'unauthorized' };
        if (statusCode === 429) return { kind: 'retry', ...trouble, why: 'rate_limited', ambiguous: false };
        return { kind: 'retry', ...trouble, ambiguous: true };
      } finally {
        signal?.throwIfAborted();
      }
    },
  });
}

function toReading({ enabled, expiresAt }: z.infer<typeof StoredKey>): KeyReading {
  if (expiresAt && expiresAt.getTime() <= Date.now()) return { state: 'revoked' };
  if (!enabled) return { state: 'disabled' };
  return { state: expiresAt ? 'expiring' : 'active' };
}
