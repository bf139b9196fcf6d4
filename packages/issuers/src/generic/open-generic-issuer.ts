import type * as z from 'zod';
import { baseUrl, pathSegment } from '../http/base-url.ts';
import { afterMsDefault } from '../http/call-http.ts';
import {
  type ActResult,
  type IssuerCapabilities,
  IssuerTroubleError,
  isReached,
  type KeyCommand,
  type KeyIssuer,
  type KeyReading,
  type Trouble,
} from '../key-issuer.ts';
import { callIssuer, type IssuerAnswer, type IssuerHttp } from './issuer-call.ts';
import { refusals, toWireCommand } from './to-wire.ts';
import { type ProblemCode, WireCapabilities, WireKey, WireResult } from './wire.ts';

export interface GenericIssuerOptions {
  /** As configuration and key records call it. */
  readonly name: string;
  /** Where the contract's `/v1` is, such as `https://keys.example.com` or `https://example.com/issuer`. */
  readonly url: string;
  readonly token: string;
  /** For one call from its start to the last byte of its answer, ms. Default 10,000. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/**
 * An issuer that serves the generic HTTP contract (`openapi/key-issuer.v1.yaml`).
 *
 * What it did not say in the words of the contract is `unknown` to `read` and an ambiguous `retry` to `act`; never
 * success. The token appears in no error and no result.
 * @throws {TypeError} when `url` is not an http or https URL, or carries a user, a query or a fragment
 */
export function openGenericIssuer(options: GenericIssuerOptions): KeyIssuer {
  const { name } = options;
  const http = issuerHttp(options);

  return {
    name,

    async capabilities(signal) {
      const answer = await callIssuer(http, { method: 'GET', path: 'v1/capabilities' }, signal);
      const wire = read(WireCapabilities, answer);
      if (wire) return toCapabilities(wire);
      const { why, afterMs } = troubleIn(answer);
      throw new IssuerTroubleError(name, why, afterMs);
    },

    async read(keyId, signal) {
      const path = keyPath(keyId);
      if (!path) return { state: 'unknown', why: 'invalid', afterMs: afterMsDefault };
      const answer = await callIssuer(http, { method: 'GET', path }, signal);
      return toReading(answer, keyId);
    },

    async act(command, signal) {
      const path = keyPath(command.keyId);
      const body = toWireCommand(command);
      if (!path || !body) return { kind: 'refused', code: 'invalid' };
      const answer = await callIssuer(
        http,
        {
          method: 'POST',
          path: `${path}/actions`,
          headers: { 'idempotency-key': command.operationId },
          body,
        },
        signal,
      );
      return { ...toResult(answer, command), ...(answer.requestId && { requestId: answer.requestId }) };
    },
  };
}

/** Checks and completes what a call needs; `verifyIssuer` makes its own calls with it. */
export function issuerHttp(options: Omit<GenericIssuerOptions, 'name'>): IssuerHttp {
  const { url, token, timeoutMs = 10_000 } = options;
  return { base: baseUrl(url), token, timeoutMs, fetch: options.fetch ?? fetch };
}

function keyPath(keyId: string): string | undefined {
  const segment = pathSegment(keyId);
  return segment && `v1/keys/${segment}`;
}

/** What a question was answered, or undefined when that is not in the contract's words. */
function read<S extends z.ZodType>(schema: S, answer: IssuerAnswer): z.infer<S> | undefined {
  return answer.kind === 'answer' && answer.status === 200 ? schema.safeParse(answer.json).data : undefined;
}

function toCapabilities(wire: WireCapabilities): IssuerCapabilities {
  return {
    actions: new Set(wire.actions),
    reach: wire.reach,
    propagationMs: wire.propagation_ms,
    undo: Object.fromEntries(wire.undo.map((u) => [u.action, { withinMs: u.within_ms ?? null }])),
    idempotency: 'by_operation',
  };
}

function toReading(answer: IssuerAnswer, keyId: string): KeyReading {
  if (answer.kind === 'problem' && answer.code === 'key_not_found') return { state: 'missing' };
  const wire = read(WireKey, answer);
  if (!wire || wire.key_id !== keyId) return { state: 'unknown', ...troubleIn(answer) };
  if (wire.status === 'unknown') return { state: 'unknown', why: 'issuer_unsure', afterMs: afterMsDefault };
  return {
    state: wire.status,
    ...(wire.version !== undefined && { version: wire.version }),
    ...(wire.protected !== undefined && { protected: wire.protected }),
  };
}

function toResult(answer: IssuerAnswer, command: KeyCommand): ActResult {
  if (answer.kind === 'problem') return toRefusal(answer.code, answer.afterMs);
  if (answer.kind === 'trouble') {
    return { kind: 'retry', why: answer.why, ambiguous: answer.ambiguous, afterMs: answer.afterMs };
  }
  const wire = WireResult.safeParse(answer.json).data;
  const pending = wire?.result === 'pending';
  const clear =
    wire !== undefined &&
    answer.status === (pending ? 202 : 200) &&
    wire.key_id === command.keyId &&
    wire.operation_id === command.operationId &&
    wire.action === command.action;
  if (!clear) return { kind: 'retry', why: 'malformed', ambiguous: true, afterMs: afterMsDefault };
  if (pending) return { kind: 'pending', pollAfterMs: wire.poll_after_ms ?? afterMsDefault };
  // An issuer that says "done" and names another state contradicts itself.
  if (command.action !== 'rotate' && !isReached(command.action, wire.status)) {
    return { kind: 'retry', why: 'issuer_unsure', ambiguous: true, afterMs: afterMsDefault };
  }
  return {
    kind: wire.result === 'done' ? 'done' : 'noop',
    state: wire.status,
    ...(wire.replacement_key_id !== undefined && { replacementKeyId: wire.replacement_key_id }),
  };
}

/** `rate_limited` and `unavailable` promise that nothing was done; the contract says so. */
function toRefusal(code: ProblemCode, afterMs: number): ActResult {
  if (code === 'rate_limited' || code === 'unavailable') {
    return { kind: 'retry', why: code, ambiguous: false, afterMs };
  }
  return { kind: 'refused', code: refusals[code] };
}

/** Why an answer that is not what was asked for says nothing. */
function troubleIn(answer: IssuerAnswer): { why: Trouble; afterMs: number } {
  if (answer.kind === 'answer') return { why: 'malformed', afterMs: afterMsDefault };
  if (answer.kind === 'trouble') return { why: answer.why, afterMs: answer.afterMs };
  const { code, afterMs } = answer;
  const named = code === 'rate_limited' || code === 'unavailable' || code === 'unauthorized';
  return { why: named ? code : 'malformed', afterMs };
}
