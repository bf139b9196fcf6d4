import * as z from 'zod';
import { byState, type Written } from '../by-state.ts';
import { baseUrl } from '../http/base-url.ts';
import { callHttp, type HttpAnswer, type HttpCaller } from '../http/call-http.ts';
import { notDone, troubleIn } from '../http/clear-statuses.ts';
import type { KeyIssuer, KeyReading } from '../key-issuer.ts';

export interface UnkeyOptions {
  /** As configuration and key records call it. */
  readonly name: string;
  /** A root key with `api.*.read_key` and `api.*.update_key`, or the same for single APIs. */
  readonly rootKey: string;
  /** Default https://api.unkey.com. */
  readonly url?: string;
  /** For one call, ms. Default 10,000. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** Unkey says that a change takes up to 30 seconds to reach all regions (API reference, keys.updateKey). */
const propagationMs = 30_000;

const KeyAnswer = z.object({
  data: z.object({
    keyId: z.string(),
    enabled: z.boolean(),
    expires: z.number().nullish(),
    createdAt: z.number().optional(),
    updatedAt: z.number().nullish(),
    meta: z.record(z.string(), z.unknown()).nullish(),
  }),
});
const DoneAnswer = z.object({ meta: z.object({ requestId: z.string().max(128) }), data: z.object({}) });
const ErrorAnswer = z.object({ error: z.object({ status: z.int(), type: z.string() }) });

/**
 * Unkey, version 2 of its API: `keys.getKey`, and `keys.updateKey` with `enabled`. Keys are named by `keyId`, never
 * deleted or rerolled. A key whose `meta` has `tripkey_protected: true` counts as protected.
 * @throws {TypeError} when `url` cannot be the one of an issuer
 */
export function openUnkey(options: UnkeyOptions): KeyIssuer {
  const { name, rootKey, timeoutMs = 10_000 } = options;
  const base = baseUrl(options.url ?? 'https://api.unkey.com');
  const caller: HttpCaller = { timeoutMs, fetch: options.fetch ?? fetch };
  const call = (method: string, body: object, signal?: AbortSignal) =>
    callHttp(
      caller,
      {
        method: 'POST',
        url: new URL(`v2/${method}`, base),
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${rootKey}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      },
      signal,
    );

  return byState({
    name,
    capabilities: {
      actions: new Set(['disable', 'enable']),
      reach: 'key',
      propagationMs,
      undo: { disable: { withinMs: null } },
    },
    async read(keyId, signal) {
      if (!isKeyId(keyId)) return { state: 'unknown', why: 'invalid', afterMs: 0 };
      return toReading(await call('keys.getKey', { keyId, decrypt: false }, signal), keyId);
    },
    async write(keyId, action, signal): Promise<Written> {
      const enabled = action === 'enable';
      const answer = await call('keys.updateKey', { keyId, enabled }, signal);
      if (isUnknownKey(answer)) return { kind: 'refused', code: 'key_not_found' };
      const ok = answer.kind === 'answer' && answer.status === 200;
      const done = ok ? DoneAnswer.safeParse(answer.json).data : undefined;
      if (!done) return notDone(answer);
      return { kind: 'written', state: enabled ? 'active' : 'disabled', requestId: done.meta.requestId };
    },
  });
}

/** What Unkey takes as a key id; anything else it would refuse as a malformed request. */
function isKeyId(keyId: string): boolean {
  return keyId.length >= 3 && keyId.length <= 255;
}

function toReading(answer: HttpAnswer, keyId: string): KeyReading {
  if (isUnknownKey(answer)) return { state: 'missing' };
  const key =
    answer.kind === 'answer' && answer.status === 200 ? KeyAnswer.safeParse(answer.json).data?.data : null;
  if (!key || key.keyId !== keyId) return { state: 'unknown', ...troubleIn(answer) };
  const version = key.updatedAt ?? key.createdAt;
  return {
    state: !key.enabled ? 'disabled' : key.expires ? 'expiring' : 'active',
    protected: key.meta?.tripkey_protected === true,
    ...(version !== undefined && { version: String(version) }),
  };
}

/** A 404 of Unkey's own making; one from a proxy says nothing about the key. */
function isUnknownKey(answer: HttpAnswer): boolean {
  if (answer.kind !== 'answer' || answer.status !== 404) return false;
  const { error } = ErrorAnswer.safeParse(answer.json).data ?? {};
  return error?.status === 404 && /\/key_not_found$/.test(error.type);
}
