import { createHash, timingSafeEqual } from 'node:crypto';
import type { ActResult, KeyIssuer, RefusalCode } from '../key-issuer.ts';
import { OperationId, type ProblemCode, problemStatuses, WireCommand } from './wire.ts';

export interface ServeIssuerOptions {
  readonly issuer: KeyIssuer;
  /** The bearer token of whoever may call; at least 16 characters. */
  readonly token: string;
  /** Answers kept for repeated operations; the oldest are forgotten first. Default 10,000. */
  readonly operationsMax?: number;
}

/** A command is a few kilobytes. */
const bodyBytesMax = 64 * 1_024;

/**
 * Serves the generic contract (`openapi/key-issuer.v1.yaml`) for any `KeyIssuer`, in the form in which today's servers
 * take handlers: a `Request` in, a `Response` out. It stands below whatever path the contract's `/v1` shall have.
 *
 * Answers to operations are kept in memory: after a restart a repeated operation is a new one, and finds the key as the
 * first one left it.
 * @throws {RangeError} when the token is too short
 */
export function serveIssuer(options: ServeIssuerOptions): (request: Request) => Promise<Response> {
  const { issuer, token, operationsMax = 10_000 } = options;
  if (token.length < 16) throw new RangeError('the token of an issuer needs at least 16 characters');
  const wanted = digest(`Bearer ${token}`);
  const operations = new Map<string, { asked: string; answer: Promise<Answer> }>();

  async function answer(request: Request): Promise<Answer> {
    if (!timingSafeEqual(digest(request.headers.get('authorization') ?? ''), wanted)) {
      return problem('unauthorized');
    }
    const [, resource, id, verb] =
      /\/v1\/(capabilities|keys)(?:\/([^/]+))?(?:\/(actions))?\/?$/.exec(new URL(request.url).pathname) ?? [];
    const keyId = id === undefined ? undefined : decoded(id);
    if (resource === 'capabilities' && request.method === 'GET') return capabilities();
    if (keyId === undefined) return problem('invalid_request');
    if (!verb && request.method === 'GET') return read(keyId);
    if (verb && request.method === 'POST') return act(keyId, request);
    return problem('invalid_request');
  }

  async function capabilities(): Promise<Answer> {
    const { actions, reach, propagationMs, undo } = await issuer.capabilities();
    return ok({
      actions: [...actions],
      reach,
      propagation_ms: propagationMs,
      undo: Object.entries(undo).map(([action, { withinMs }]) => ({ action, within_ms: withinMs })),
    });
  }

  async function read(keyId: string): Promise<Answer> {
    const reading = await issuer.read(keyId);
    if (reading.state === 'missing') return problem('key_not_found');
    if (reading.state !== 'unknown') {
      const { state: status, version, protected: isProtected } = reading;
      return ok({
        key_id: keyId,
        status,
        ...(version !== undefined && { version }),
        ...(isProtected !== undefined && { protected: isProtected }),
      });
    }
    if (reading.why === 'invalid') return problem('key_not_found');
    return problem(reading.why === 'rate_limited' ? 'rate_limited' : 'unavailable', reading.afterMs);
  }

  async function act(keyId: string, request: Request): Promise<Answer> {
    const operationId = OperationId.safeParse(request.headers.get('idempotency-key')).data;
    const body = await request.text();
    const command = body.length <= bodyBytesMax ? WireCommand.safeParse(parsed(body)).data : undefined;
    if (!operationId || !command) return problem('invalid_request');
    const asked = JSON.stringify([keyId, command]);
    const known = operations.get(operationId);
    if (known) return known.asked === asked ? known.answer : problem('idempotency_conflict');
    const answering = carryOut(keyId, operationId, command);
    operations.set(operationId, { asked, answer: answering });
    // Only what was done is remembered: what was refused or went wrong may be asked for again.
    const forget = () => operations.get(operationId)?.answer === answering && operations.delete(operationId);
    answering.then(({ status }) => status > 202 && forget(), forget);
    for (const [oldest] of operations) {
      if (operations.size <= operationsMax) break;
      operations.delete(oldest);
    }
    return answering;
  }

  async function carryOut(keyId: string, operationId: string, command: WireCommand): Promise<Answer> {
    const { action, reason, actor, incident_id, grace_ms, if_version } = command;
    const result = await issuer.act({
      ...{ operationId, keyId, action, reason, incidentId: incident_id },
      actor: { type: actor.type, id: actor.id, approvedBy: actor.approved_by },
      ...(grace_ms !== undefined && { graceMs: grace_ms }),
      ...(if_version !== undefined && { ifVersion: if_version }),
    });
    const head = { operation_id: operationId, key_id: keyId, action };
    switch (result.kind) {
      case 'done':
      case 'noop':
        return ok({
          ...{ ...head, result: result.kind, status: result.state },
          ...(result.replacementKeyId !== undefined && { replacement_key_id: result.replacementKeyId }),
        });
      case 'pending': {
        const poll_after_ms = Math.round(result.pollAfterMs);
        return { status: 202, body: { ...head, result: 'pending', status: 'unknown', poll_after_ms } };
      }
      case 'refused':
        return problem(problemOf[result.code]);
      case 'retry':
        return unclear(result);
    }
  }

  return async (request) => {
    const { status, body, afterMs } = await answer(request);
    const type = status < 300 ? 'application/json' : 'application/problem+json';
    const headers = new Headers({ 'content-type': type, 'cache-control': 'no-store' });
    if (afterMs !== undefined) headers.set('retry-after', String(Math.ceil(afterMs / 1_000)));
    return new Response(JSON.stringify(body), { status, headers });
  };
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly afterMs?: number;
}

const problemOf: Readonly<Record<RefusalCode, ProblemCode>> = {
  key_not_found: 'key_not_found',
  unsupported: 'unsupported_action',
  protected: 'protected_key',
  version_conflict: 'version_conflict',
  operation_conflict: 'idempotency_conflict',
  unauthorized: 'unavailable', // this door's own credentials are wrong, not the caller's
  invalid: 'invalid_request',
};

const ok = (body: object): Answer => ({ status: 200, body });

function problem(code: ProblemCode, afterMs?: number): Answer {
  const status = problemStatuses[code];
  const body = { type: 'about:blank', title: code.replaceAll('_', ' '), status, code };
  return { status, body, ...(afterMs !== undefined && { afterMs }) };
}

/** Problems of the contract promise that nothing was done; what may have been done is told by a status that it lacks. */
function unclear(result: Extract<ActResult, { kind: 'retry' }>): Answer {
  if (!result.ambiguous) {
    return problem(result.why === 'rate_limited' ? 'rate_limited' : 'unavailable', result.afterMs);
  }
  const body = { type: 'about:blank', title: 'it is not known what became of it', status: 500 };
  return { status: 500, body, afterMs: result.afterMs };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined; // no id is written so
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // the schema says no to it
  }
}
