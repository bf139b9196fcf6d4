import { createHash } from 'node:crypto';
import * as z from 'zod';
import { byState, type Written } from '../by-state.ts';
import { baseUrl, pathSegment } from '../http/base-url.ts';
import { callHttp, type HttpAnswer, type HttpCall, type HttpCaller } from '../http/call-http.ts';
import { notDone, troubleIn } from '../http/clear-statuses.ts';
import type { KeyIssuer, KeyReading } from '../key-issuer.ts';

export interface KongOptions {
  /** As configuration and key records call it. */
  readonly name: string;
  /** Of the Admin API, with the workspace in its path where there are some. */
  readonly url: string;
  /** Sent as `Kong-Admin-Token`; absent where something else guards the Admin API. */
  readonly token?: string;
  /** What key ids are: ids of key-auth credentials, or ids or names of consumers. Default `credential`. */
  readonly keysAre?: 'credential' | 'consumer';
  /** How long data planes may go on with what they know, ms. Default 10,000. */
  readonly propagationMs?: number;
  /** For one call, ms. Default 10,000. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

const pluginName = 'request-termination';
const Consumer = z.object({ id: z.string().min(1).max(128), tags: z.array(z.string()).nullish() });
const Plugin = z.object({
  id: z.string().min(1).max(128),
  name: z.string(),
  enabled: z.boolean(),
  tags: z.array(z.string()).nullish(),
  config: z.looseObject({ trigger: z.string().nullish() }).nullish(),
});
const Plugins = z.object({ data: z.array(Plugin), next: z.string().nullish() });
const Problem = z.object({ message: z.literal('Not found') });

/**
 * Kong's Admin API. Kong has no switch on a credential, so what is stopped is its consumer: a `request-termination`
 * plugin answers 403 to everything of that consumer, and taking the plugin away undoes it. The plugin's id is made from
 * the consumer's, so that writing it twice is writing it once. Nothing else of Kong's is changed or deleted; the key
 * itself is never asked for. A consumer with the tag `tripkey-protected` counts as protected.
 * @throws {TypeError} when `url` cannot be the one of an issuer
 */
export function openKong(options: KongOptions): KeyIssuer {
  const { name, token, keysAre = 'credential', propagationMs = 10_000, timeoutMs = 10_000 } = options;
  const base = baseUrl(options.url);
  const caller: HttpCaller = { timeoutMs, fetch: options.fetch ?? fetch };
  const call = (method: HttpCall['method'], path: string, signal?: AbortSignal, body?: object) =>
    callHttp(
      caller,
      {
        method,
        url: new URL(path, base),
        headers: {
          accept: 'application/json',
          ...(token !== undefined && { 'kong-admin-token': token }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      },
      signal,
    );

  /** The consumer behind a key; a credential is asked for its consumer only, so the key's secret is not answered. */
  async function consumerOf(keyId: string, signal?: AbortSignal): Promise<FoundConsumer> {
    const segment = pathSegment(keyId);
    if (!segment) return { reading: { state: 'unknown', why: 'invalid', afterMs: 0 } };
    const path = keysAre === 'credential' ? `key-auths/${segment}/consumer` : `consumers/${segment}`;
    const answer = await call('GET', path, signal);
    if (isNotFound(answer)) return { reading: { state: 'missing' } };
    const consumer = answered(answer, Consumer);
    return consumer ? { consumer } : { reading: { state: 'unknown', ...troubleIn(answer) } };
  }

  return byState({
    name,
    capabilities: {
      actions: new Set(['disable', 'enable']),
      reach: 'consumer',
      propagationMs,
      undo: { disable: { withinMs: null } },
    },
    async read(keyId, signal) {
      const { consumer, reading } = await consumerOf(keyId, signal);
      if (!consumer) return reading;
      const answer = await call('GET', `consumers/${consumer.id}/plugins?size=1000`, signal);
      const plugins = answered(answer, Plugins);
      if (!plugins || plugins.next) return { state: 'unknown', ...troubleIn(answer) };
      return {
        state: plugins.data.some(stopsEverything) ? 'disabled' : 'active',
        protected: consumer.tags?.includes('tripkey-protected') ?? false,
      };
    },
    async write(keyId, action, signal): Promise<Written> {
      const { consumer, reading } = await consumerOf(keyId, signal);
      if (!consumer) {
        if (reading.state === 'missing') return { kind: 'refused', code: 'key_not_found' };
        const { why, afterMs } = reading as Extract<KeyReading, { state: 'unknown' }>;
        return { kind: 'retry', why, afterMs, ambiguous: false };
      }
      const path = `consumers/${consumer.id}/plugins/${pluginIdOf(consumer.id)}`;
      if (action === 'enable') {
        const answer = await call('DELETE', path, signal);
        return answer.kind === 'answer' && answer.status === 204
          ? { kind: 'written', state: 'active', ...idOf(answer) }
          : notDone(answer);
      }
      const answer = await call('PUT', path, signal, {
        name: pluginName,
        enabled: true,
        tags: ['tripkey'],
        config: { status_code: 403, message: 'This key was stopped by the security team.' },
      });
      // One of the operator's own, not in force, takes the place that a consumer has for this plugin.
      if (answer.kind === 'answer' && answer.status === 409) return { kind: 'refused', code: 'unsupported' };
      const plugin = answered(answer, Plugin);
      return plugin && stopsEverything(plugin)
        ? { kind: 'written', state: 'disabled', ...idOf(answer) }
        : notDone(answer);
    },
  });
}

type FoundConsumer =
  | { readonly consumer: z.infer<typeof Consumer>; readonly reading?: never }
  | { readonly consumer?: never; readonly reading: KeyReading };

function answered<S extends z.ZodType>(answer: HttpAnswer, schema: S): z.infer<S> | undefined {
  const ok = answer.kind === 'answer' && (answer.status === 200 || answer.status === 201);
  return ok ? schema.safeParse(answer.json).data : undefined;
}

/** One with a trigger lets everything through that does not carry it. */
function stopsEverything(plugin: z.infer<typeof Plugin>): boolean {
  return plugin.name === pluginName && plugin.enabled && !plugin.config?.trigger;
}

/** Kong's own words; the Admin API answers 404 with another message for routes that it does not have. */
function isNotFound(answer: HttpAnswer): boolean {
  return answer.kind === 'answer' && answer.status === 404 && Problem.safeParse(answer.json).success;
}

function idOf({ requestId }: HttpAnswer): { requestId?: string } {
  return requestId === undefined ? {} : { requestId };
}

/** A UUID made from a name by SHA-256 (RFC 9562, version 8), always the same for a consumer. */
function pluginIdOf(consumerId: string): string {
  const bytes = createHash('sha256')
    .update(`tripkey stop of consumer ${consumerId}`)
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
