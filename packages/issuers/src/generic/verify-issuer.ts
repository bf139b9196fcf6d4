import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, systemClock } from '@tripkey/service-kit';
import {
  type ActResult,
  type IssuerCapabilities,
  IssuerTroubleError,
  isReached,
  isStopped,
  type KeyAction,
  type KeyCommand,
  type KeyReading,
  keyActions,
} from '../key-issuer.ts';
import { callIssuer, type IssuerAnswer } from './issuer-call.ts';
import { type GenericIssuerOptions, issuerHttp, openGenericIssuer } from './open-generic-issuer.ts';
import { toWireCommand } from './to-wire.ts';
import { WireResult } from './wire.ts';

export interface VerifyIssuerOptions extends Omit<GenericIssuerOptions, 'name'> {
  /**
   * An active key that nobody needs: it is disabled and enabled again; where the issuer cannot disable, revoked for ever.
   */
  readonly keyId: string;
  /** How long a pending change may take, ms. Default 60,000. */
  readonly pendingMsMax?: number;
  readonly clock?: Clock;
}

export interface VerifiedCase {
  /** What an issuer promises by serving the contract. */
  readonly case: string;
  readonly ok: boolean;
  /** What was seen. Never a token, and of an answer only the contract's words. */
  readonly detail: string;
}

/**
 * Tries whether an issuer keeps the generic contract, case by case, on one of its keys. A case that fails does not end
 * the trial.
 * @throws {TypeError} when `url` cannot be the one of an issuer
 * @throws the signal's reason when it aborts; the key may be left stopped then
 */
export async function verifyIssuer(
  options: VerifyIssuerOptions,
  signal?: AbortSignal,
): Promise<readonly VerifiedCase[]> {
  const { keyId, pendingMsMax = 60_000, clock = systemClock } = options;
  const issuer = openGenericIssuer({ ...options, name: 'under trial' });
  const http = issuerHttp(options);
  const cases: VerifiedCase[] = [];
  const note = (name: string, ok: boolean, detail: string) => cases.push({ case: name, ok, detail });

  const commandOf = (action: KeyAction, changes: Partial<KeyCommand> = {}): KeyCommand => ({
    operationId: randomUUID(),
    keyId,
    action,
    reason: 'trial of the contract',
    actor: { type: 'user', id: 'tripkey issuer verify', approvedBy: [] },
    incidentId: 'trial',
    ...changes,
  });
  const act = (command: KeyCommand) => issuer.act(command, signal);
  const post = (command: KeyCommand, headers: Record<string, string>): Promise<IssuerAnswer> =>
    callIssuer(
      http,
      {
        method: 'POST',
        path: `v1/keys/${encodeURIComponent(command.keyId)}/actions`,
        headers,
        body: toWireCommand(command),
      },
      signal,
    );

  /** Reads until the key is as wanted, as long as a change may be pending. */
  async function readUntil(wanted: (reading: KeyReading) => boolean): Promise<KeyReading> {
    const until = clock.now() + pendingMsMax;
    for (;;) {
      const reading = await issuer.read(keyId, signal);
      if (wanted(reading) || clock.now() >= until) return reading;
      await clock.sleep('afterMs' in reading ? reading.afterMs : 500, signal);
    }
  }

  const offer = await capabilitiesOf(() => issuer.capabilities(signal));
  const can = typeof offer === 'string' ? undefined : offer.actions;
  const offered = can && `it can ${[...can].join(', ') || 'nothing'}`;
  note('says what it can do', can !== undefined, offered ?? String(offer));

  const before = await issuer.read(keyId, signal);
  note('tells the state of an active key', before.state === 'active', before.state);

  const stop = can && !can.has('disable') && can.has('revoke') ? 'revoke' : 'disable';
  const stopping = commandOf(stop);
  const stopped = await act(stopping);
  const accepted = stopped.kind === 'done' || stopped.kind === 'pending';
  const after = accepted ? await readUntil(({ state }) => isStopped(state)) : before;
  note(
    'stops a key, and the key reads so',
    accepted && isStopped(after.state),
    `${stop}: ${wordOf(stopped)}, then ${after.state}`,
  );

  const sameId = { 'idempotency-key': stopping.operationId };
  const [second, third] = [await post(stopping, sameId), await post(stopping, sameId)];
  note(
    'gives the first answer again to the same operation',
    accepted && resultIn(second) === stopped.kind && isDeepStrictEqual(bodyOf(second), bodyOf(third)),
    `${wordOf(stopped)}, then ${answerWordOf(second)}, then ${answerWordOf(third)}`,
  );

  const conflict = await act({ ...stopping, reason: 'something else' });
  note(
    'refuses the id of one operation for another',
    isRefused(conflict, 'operation_conflict'),
    wordOf(conflict),
  );

  const unnamed = await post(commandOf(stop), {});
  note(
    'refuses a command without Idempotency-Key',
    unnamed.kind === 'problem' && unnamed.code === 'invalid_request',
    answerWordOf(unnamed),
  );

  const again = await act(commandOf(stop));
  note('says noop when it is so already', again.kind === 'noop', wordOf(again));

  const missing = keyActions.find((action) => can && !can.has(action));
  const unoffered = missing && (await act(commandOf(missing)));
  note(
    'refuses an action that it does not offer',
    can !== undefined && (!unoffered || isRefused(unoffered, 'unsupported')),
    unoffered ? `${missing}: ${wordOf(unoffered)}` : (offered ?? 'what it offers is not known'),
  );

  const strange = `no-such-key-${randomUUID()}`;
  const [strangeRead, strangeAct] = [
    await issuer.read(strange, signal),
    await act(commandOf(stop, { keyId: strange })),
  ];
  note(
    'does not know keys that are not there',
    strangeRead.state === 'missing' && isRefused(strangeAct, 'key_not_found'),
    `read: ${strangeRead.state}, ${stop}: ${wordOf(strangeAct)}`,
  );

  const stranger = openGenericIssuer({ ...options, name: 'under trial', token: randomUUID() });
  const [keptRead, keptAct] = [
    await stranger.read(keyId, signal),
    await stranger.act(commandOf(stop), signal),
  ];
  note(
    'refuses a wrong token',
    keptRead.state === 'unknown' && keptRead.why === 'unauthorized' && isRefused(keptAct, 'unauthorized'),
    `read: ${keptRead.state}, ${stop}: ${wordOf(keptAct)}`,
  );

  if (stop === 'disable' && can?.has('enable')) {
    const enabled = await act(commandOf('enable'));
    const end = await readUntil(({ state }) => isReached('enable', state));
    note('takes it back', isReached('enable', end.state), `enable: ${wordOf(enabled)}, then ${end.state}`);
  }
  return cases;
}

async function capabilitiesOf(ask: () => Promise<IssuerCapabilities>): Promise<IssuerCapabilities | string> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof IssuerTroubleError) return error.why;
    throw error;
  }
}

function isRefused(result: ActResult, code: string): boolean {
  return result.kind === 'refused' && result.code === code;
}

function bodyOf(answer: IssuerAnswer): unknown {
  return answer.kind === 'answer' ? answer.json : answer;
}

function resultIn(answer: IssuerAnswer): WireResult['result'] | undefined {
  return WireResult.safeParse(bodyOf(answer)).data?.result;
}

function wordOf(result: ActResult): string {
  if (result.kind === 'refused') return `refused (${result.code})`;
  if (result.kind === 'retry') return `no clear answer (${result.why})`;
  return result.kind;
}

function answerWordOf(answer: IssuerAnswer): string {
  if (answer.kind === 'answer') return resultIn(answer) ?? `status ${answer.status}`;
  return answer.kind === 'problem' ? `problem ${answer.code}` : `no clear answer (${answer.why})`;
}
