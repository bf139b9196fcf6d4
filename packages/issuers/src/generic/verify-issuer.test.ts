import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { KeyAction, KeyState } from '../key-issuer.ts';
import { judgeCommand } from './judge-command.ts';
import { verifyIssuer } from './verify-issuer.ts';
import { type ProblemCode, problemStatuses, type WireCommand } from './wire.ts';

const token = 'issuer-token-for-tests';
const keyId = 'key_trial';

interface Habits {
  actions?: readonly KeyAction[];
  /** Forgets operations, so that a repeat is a new one. */
  forgets?: boolean;
  /** Says "done" and leaves the key alone. */
  lies?: boolean;
  takesAnyToken?: boolean;
  needsNoOperationId?: boolean;
  knowsEveryKey?: boolean;
  answersAnything?: boolean;
}

/** An issuer as a function in place of fetch: honest, but for its bad habits. */
function anIssuer(habits: Habits = {}) {
  const key = {
    status: 'active' as Exclude<KeyState, 'missing' | 'unknown'>,
    version: '1',
    protected: false,
  };
  const actions = new Set<KeyAction>(habits.actions ?? ['disable', 'enable']);
  const operations = new Map<string, { asked: string; answer: object }>();

  const answer = (body: object, status = 200) => new Response(JSON.stringify(body), { status });
  const problem = (code: ProblemCode) => {
    const status = problemStatuses[code];
    return answer({ title: code, status, code }, status);
  };

  function act(id: string, operationId: string, body: string): Response {
    if (!operationId && !habits.needsNoOperationId) return problem('invalid_request');
    const known = operations.get(operationId);
    if (known) return known.asked === body ? answer(known.answer) : problem('idempotency_conflict');
    const command: WireCommand = JSON.parse(body);
    const judged = judgeCommand(id === keyId || habits.knowsEveryKey ? key : undefined, command, actions);
    if (judged.kind === 'refused') return problem(judged.code);
    const status = judged.kind === 'change' ? judged.to : key.status;
    if (!habits.lies) key.status = status;
    const result = judged.kind === 'change' ? 'done' : 'noop';
    const done = { operation_id: operationId, key_id: id, action: command.action, result, status };
    if (operationId && !habits.forgets) operations.set(operationId, { asked: body, answer: done });
    return answer(done);
  }

  const fetch = async (target: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const headers = new Headers(init?.headers);
    if (habits.answersAnything) return answer({ ok: true });
    if (!habits.takesAnyToken && headers.get('authorization') !== `Bearer ${token}`) {
      return problem('unauthorized');
    }
    const [, , resource, id = '', verb] = new URL(
      target instanceof Request ? target.url : target,
    ).pathname.split('/');
    if (resource === 'capabilities') return answer({ actions: [...actions], propagation_ms: 0 });
    if (verb === 'actions') return act(id, headers.get('idempotency-key') ?? '', String(init?.body));
    return id === keyId || habits.knowsEveryKey ? answer({ key_id: id, ...key }) : problem('key_not_found');
  };
  return { key, fetch };
}

const trial = (fetch: typeof globalThis.fetch) =>
  verifyIssuer({ url: 'https://keys.example', token, keyId, fetch, pendingMsMax: 0 });
const failures = (cases: Awaited<ReturnType<typeof verifyIssuer>>) =>
  cases.filter(({ ok }) => !ok).map((verified) => verified.case);

test('an issuer that keeps the contract passes every case, and its key is as before', async () => {
  const { key, fetch } = anIssuer();
  const cases = await trial(fetch);
  expect(failures(cases)).toEqual([]);
  expect(cases).toHaveLength(11);
  expect(key.status).toBe('active');
});

test('an issuer that can only revoke is tried with that', async () => {
  const { key, fetch } = anIssuer({ actions: ['revoke'] });
  expect(failures(await trial(fetch))).toEqual([]);
  expect(key.status).toBe('revoked');
});

describe('an issuer fails the case that it does not keep', () => {
  test.each<[string, Habits, string]>([
    ['forgets operations', { forgets: true }, 'gives the first answer again to the same operation'],
    ['says done and does nothing', { lies: true }, 'stops a key, and the key reads so'],
    ['takes any token', { takesAnyToken: true }, 'refuses a wrong token'],
    ['needs no operation id', { needsNoOperationId: true }, 'refuses a command without Idempotency-Key'],
    ['knows every key', { knowsEveryKey: true }, 'does not know keys that are not there'],
  ])('%s', async (_, habits, failed) => {
    expect(failures(await trial(anIssuer(habits).fetch))).toContain(failed);
  });

  test('answers 200 to everything, in its own words', async () => {
    const cases = await trial(anIssuer({ answersAnything: true }).fetch);
    expect(cases.filter(({ ok }) => ok)).toEqual([]);
  });
});

test('an issuer that is not there fails with the reason, and the token appears nowhere', async () => {
  const away = async () => {
    throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
  };
  const cases = await trial(away);
  expect(cases[0]).toMatchObject({ ok: false, detail: 'unreachable' });
  expect(JSON.stringify(cases)).not.toContain(token);
});

test('an abort ends the trial', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  const { fetch } = anIssuer();
  const url = `https://${randomUUID()}.example`;
  await expect(verifyIssuer({ url, token, keyId, fetch }, signal)).rejects.toThrow('enough');
});
