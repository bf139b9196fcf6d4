import { type ActResult, isReached, type KeyIssuer } from '@tripkey/issuers';
import type { Clock } from '@tripkey/service-kit';
import type { Incident } from '../incident/incident.ts';
import type { IncidentEventBody } from '../incident/incident-event.ts';
import { type Operation, policyApprover } from '../incident/operation.ts';

const attemptsMax = 10;
const waitMsMin = 1_000;
const waitMsMax = 30_000;
/** How long an issuer that accepted a stop may take until it says so itself. */
const confirmWithinMs = 120_000;
const confirmEveryMs = 2_000;
/** After this long without a clear answer somebody has to look. */
const giveUpAfterMs = 30 * 60_000;
/** Of an issuer that does not say how long a change takes to reach its gateways; long, since a request before it is no alarm. */
const propagationMsUnsaid = 10 * 60_000;

/**
 * What is known of a running execution besides the log. Lost with the process: then the issuer is asked first, as
 * after any answer that left open what it did.
 */
interface Progress {
  readFirst: boolean;
  /** Nothing to do before this time. */
  nextAt: number;
  /** Set once the issuer accepted the stop: only its confirmation is still missing. */
  confirmBy: number | null;
}

/**
 * Brings one approved stop to the issuer's own word that the key is stopped, a step a call.
 *
 * The operation's id goes along as idempotency key, so that asking twice stops once. Effects, in order:
 *   1. `operation_executing` in the log (a crash before it: begun anew)
 *   2. the issuer's `act` (a crash after it: the issuer is read first, then asked again with the same id)
 *   3. the issuer's `read`, and `operation_state_confirmed` in the log (a crash before it: read again)
 */
export class Execution {
  readonly #progress = new Map<string, Progress>();
  readonly #clock: Clock;
  readonly #record: (incidentId: string, body: IncidentEventBody) => Promise<boolean>;

  constructor(parts: {
    clock: Clock;
    record: (incidentId: string, body: IncidentEventBody) => Promise<boolean>;
  }) {
    this.#clock = parts.clock;
    this.#record = parts.record;
  }

  async step(
    incident: Incident,
    operation: Operation,
    issuer: KeyIssuer,
    signal: AbortSignal,
  ): Promise<void> {
    const fresh = operation.state === 'approved';
    const progress = this.#progress.get(operation.id) ?? { readFirst: !fresh, nextAt: 0, confirmBy: null };
    this.#progress.set(operation.id, progress);
    if (this.#clock.now() < progress.nextAt) return;
    if (progress.readFirst) {
      const answer = await this.#confirm(incident, operation, issuer, progress, signal);
      if (answer !== 'not_stopped' || progress.confirmBy !== null) return;
    }
    if (operation.attempts >= attemptsMax) {
      return this.#end(incident, operation, {
        kind: 'operation_failed',
        operation_id: operation.id,
        action: operation.action,
        reason: `the issuer did not do it in ${attemptsMax} attempts`,
      });
    }
    const attempt = operation.attempts + 1;
    const begun = { kind: 'operation_executing', operation_id: operation.id, attempt } as const;
    if (!(await this.#record(incident.id, begun))) return; // 1
    const result = await act(issuer, incident, operation, signal); // 2
    await this.#take(result, attempt, { incident, operation, issuer, progress, signal });
  }

  async #take(
    result: ActResult,
    attempt: number,
    at: {
      incident: Incident;
      operation: Operation;
      issuer: KeyIssuer;
      progress: Progress;
      signal: AbortSignal;
    },
  ): Promise<void> {
    const { incident, operation, issuer, progress, signal } = at;
    const now = this.#clock.now();
    switch (result.kind) {
      case 'done':
      case 'noop':
        Object.assign(progress, { readFirst: true, confirmBy: now + confirmWithinMs });
        await this.#confirm(incident, operation, issuer, progress, signal, result.requestId);
        return;
      case 'pending':
        Object.assign(progress, { readFirst: true, confirmBy: now + confirmWithinMs });
        progress.nextAt = now + result.pollAfterMs;
        return;
      case 'refused':
        return this.#end(incident, operation, {
          kind: 'operation_refused',
          operation_id: operation.id,
          action: operation.action,
          reason: result.code.replaceAll('_', ' '),
          ...(result.code === 'protected' ? { protected: true } : {}),
        });
      case 'retry':
        progress.readFirst = result.ambiguous;
        progress.nextAt = now + Math.max(result.afterMs, backOff(attempt));
    }
  }

  /** Asks the issuer for the key's state, and ends the execution when that settles it. */
  async #confirm(
    incident: Incident,
    operation: Operation,
    issuer: KeyIssuer,
    progress: Progress,
    signal: AbortSignal,
    requestId: string | undefined = undefined,
  ): Promise<'ended' | 'no_answer' | 'not_stopped'> {
    const reading = await issuer.read(operation.keyId, signal);
    const now = this.#clock.now();
    const { id: operation_id, action } = operation;
    const fail = (reason: string) =>
      this.#end(incident, operation, { kind: 'operation_failed', operation_id, action, reason });
    if (isReached(operation.action, reading.state)) {
      // One that does not say what it can do is not asked each second, and does not keep the stop from its proof.
      progress.nextAt = now + waitMsMax;
      const said = await issuer.capabilities(signal).catch((error: unknown) => {
        if (signal.aborted || now < (operation.startedAt ?? now) + giveUpAfterMs) throw error;
        return null;
      });
      await this.#end(incident, operation, {
        kind: 'operation_state_confirmed',
        operation_id: operation.id,
        key_state: reading.state,
        propagation_ms: Math.ceil(said?.propagationMs ?? propagationMsUnsaid),
        request_id: requestId ?? null,
        ...(operation.action === 'disable' && said ? undoOf(said.undo.disable, now) : {}),
      }); // 3
      return 'ended';
    }
    progress.nextAt = now + confirmEveryMs;
    if (reading.state === 'unknown') {
      progress.nextAt = now + Math.max(reading.afterMs, confirmEveryMs);
      if (now < (operation.startedAt ?? now) + giveUpAfterMs) return 'no_answer';
      await fail(`the issuer gives no clear answer: ${reading.why.replaceAll('_', ' ')}`);
      return 'ended';
    }
    if (progress.confirmBy === null || now < progress.confirmBy) return 'not_stopped';
    await fail(`the issuer accepted it but still says the key is ${reading.state}`);
    return 'ended';
  }

  async #end(incident: Incident, operation: Operation, body: IncidentEventBody): Promise<void> {
    await this.#record(incident.id, body);
    this.#progress.delete(operation.id);
  }
}

/** Until when the issuer takes a stop back. */
function undoOf(undo: { readonly withinMs: number | null } | undefined, now: number) {
  if (!undo) return { undo: 'impossible' } as const;
  return {
    undo: 'possible',
    ...(undo.withinMs === null ? {} : { undo_until: now + undo.withinMs }),
  } as const;
}

async function act(
  issuer: KeyIssuer,
  incident: Incident,
  operation: Operation,
  signal: AbortSignal,
): Promise<ActResult> {
  const { agreedBy, approvedBy } = operation;
  try {
    return await issuer.act(
      {
        operationId: operation.id,
        keyId: operation.keyId,
        action: operation.action,
        reason: operation.reason,
        actor: {
          type: approvedBy === policyApprover ? 'policy' : 'user',
          id: agreedBy[0] ?? policyApprover,
          approvedBy: approvedBy === policyApprover ? [policyApprover] : agreedBy,
        },
        incidentId: incident.id,
      },
      signal,
    );
  } catch {
    // An adapter does not throw; one that does has left open what it did. The attempt is counted in the log.
    return { kind: 'retry', afterMs: 0, ambiguous: true, why: 'issuer_unsure' };
  }
}

function backOff(attempt: number): number {
  return Math.min(waitMsMax, waitMsMin * 2 ** (attempt - 1));
}
