import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isReached, type KeyAction, type KeyCommand, type KeyIssuer, keyActions } from '../key-issuer.ts';
import { aCommand } from './a-command.ts';

/** An issuer with the switches that the suite needs. */
export interface IssuerOnBench {
  readonly issuer: KeyIssuer;
  /** Makes an active key and returns its id. */
  addKey(changes?: { protected?: boolean }): string | Promise<string>;
  /** An id that could be one of this issuer's, and is not. */
  readonly strangeKeyId?: string;
  /** The next action takes effect, and its reply does not arrive. */
  loseNextReply(): void;
  /** The next action is told to come later. */
  rateLimitNext(): void;
  close?(): Promise<void>;
}

/** What an issuer has to offer besides disabling, or stopping in its own way; everything, unless said otherwise. */
export interface IssuerTraits {
  readonly actions?: readonly KeyAction[];
  /** `by_operation`: it knows an operation again. `by_state`: what is so already is not done again. */
  readonly idempotency?: 'by_operation' | 'by_state';
  /** What stopping leaves a key as. */
  readonly stopped?: 'disabled' | 'revoked';
  /** Answers that it has taken the order, and is read until it is so. */
  readonly pending?: boolean;
  /** It marks keys that a machine must not stop. */
  readonly protects?: boolean;
  /** A key has a version that changes with it. */
  readonly versions?: boolean;
}

/** What every issuer adapter promises, as far as its issuer can; the fake passes it too. None offers `rotate`. */
export function describeKeyIssuer(
  name: string,
  make: () => IssuerOnBench | Promise<IssuerOnBench>,
  traits: IssuerTraits = {},
): void {
  const { actions = ['disable', 'enable', 'revoke'], idempotency = 'by_operation' } = traits;
  const { stopped = 'disabled', pending = false, protects = true, versions = true } = traits;
  const can = (action: KeyAction) => actions.includes(action);
  const stop: KeyAction = can('disable') ? 'disable' : 'revoke';
  /** What a stop that went well is answered with. */
  const stoppedNow = pending ? { kind: 'pending' } : { kind: 'done', state: stopped };

  describe(`key issuer: ${name}`, () => {
    let bench: IssuerOnBench;
    let issuer: KeyIssuer;
    let keyId: string;
    beforeEach(async () => {
      bench = await make();
      issuer = bench.issuer;
      keyId = await bench.addKey();
    });
    afterEach(() => bench.close?.());

    const state = async (id = keyId) => (await issuer.read(id)).state;
    const command = (changes: Partial<KeyCommand> = {}) => aCommand({ keyId, action: stop, ...changes });
    const isUsable = async (id = keyId) => isReached('enable', await state(id));
    const strange = () => bench.strangeKeyId ?? 'key_that_never_was';

    test('says what it can do', async () => {
      const offered = await issuer.capabilities();
      expect([...offered.actions].toSorted()).toEqual([...actions].toSorted());
      expect(offered.undo.disable !== undefined).toBe(can('enable'));
      expect(offered.undo.revoke).toBeUndefined();
      expect(offered.propagationMs).toBeGreaterThanOrEqual(0);
      expect(offered.idempotency).toBe(idempotency);
    });

    test('reads a key that works as one and a key that it does not know as missing', async () => {
      expect(await isUsable()).toBe(true);
      expect(await issuer.read(strange())).toEqual({ state: 'missing' });
    });

    test('a stopped key reads as stopped', async () => {
      expect(await issuer.act(command())).toMatchObject(stoppedNow);
      expect(await state()).toBe(stopped);
    });

    test('what is so already is a noop', async () => {
      await issuer.act(command());
      expect(await issuer.act(command())).toMatchObject({ kind: 'noop', state: stopped });
    });

    test('refuses what it does not offer, and keys that it does not know', async () => {
      for (const action of keyActions.filter((one) => !can(one))) {
        expect(await issuer.act(command({ action }))).toMatchObject({ kind: 'refused', code: 'unsupported' });
      }
      expect(await issuer.act(command({ keyId: strange() }))).toMatchObject({
        kind: 'refused',
        code: 'key_not_found',
      });
      expect(await isUsable()).toBe(true);
    });

    test('a lost reply is ambiguous; the same operation again settles it', async () => {
      const disable = command();
      bench.loseNextReply();
      expect(await issuer.act(disable)).toMatchObject({ kind: 'retry', ambiguous: true });
      expect(await state()).toBe(stopped);
      const again = await issuer.act(disable);
      expect(again).toMatchObject({ kind: idempotency === 'by_state' ? 'noop' : 'done', state: stopped });
    });

    test('a rate limit says when to come again and has changed nothing', async () => {
      bench.rateLimitNext();
      const result = await issuer.act(command());
      expect(result).toMatchObject({ kind: 'retry', ambiguous: false, why: 'rate_limited' });
      expect(result.kind === 'retry' && result.afterMs).toBeGreaterThan(0);
      expect(await isUsable()).toBe(true);
    });

    test.each([
      ['an operation id that is too short', { operationId: 'short' }],
      ['an operation id that is no header value', { operationId: 'line\r\nbreak: in the middle' }],
      ['no reason', { reason: '' }],
      ['a reason without end', { reason: 'x'.repeat(2_001) }],
    ])('a command with %s is refused and changes nothing', async (_, changes) => {
      expect(await issuer.act(command(changes))).toMatchObject({ kind: 'refused', code: 'invalid' });
      expect(await isUsable()).toBe(true);
    });

    test('an abort ends every call with its reason', async () => {
      const signal = AbortSignal.abort(new Error('shutting down'));
      await expect(issuer.capabilities(signal)).rejects.toThrow('shutting down');
      await expect(issuer.read(keyId, signal)).rejects.toThrow('shutting down');
      await expect(issuer.act(command(), signal)).rejects.toThrow('shutting down');
      expect(await isUsable()).toBe(true);
    });

    if (can('enable')) {
      test('disabling can be undone, again and again', async () => {
        for (let turn = 0; turn < 2; turn++) {
          expect(await issuer.act(command())).toMatchObject(stoppedNow);
          const undone = await issuer.act(command({ action: 'enable' }));
          expect(undone).toMatchObject({ kind: 'done', state: 'active' });
          expect(await state()).toBe('active');
        }
      });

      test('enabling a key that works is a noop', async () => {
        expect(await issuer.act(command({ action: 'enable' }))).toMatchObject({ kind: 'noop' });
      });
    }

    if (can('disable') && can('revoke') && can('enable')) {
      test('revoking is for ever, and a revoked key needs no disabling', async () => {
        const revoked = await issuer.act(command({ action: 'revoke' }));
        expect(revoked).toMatchObject({ kind: 'done', state: 'revoked' });
        expect(await issuer.act(command({ action: 'enable' }))).toMatchObject({ kind: 'refused' });
        expect(await issuer.act(command())).toMatchObject({ kind: 'noop', state: 'revoked' });
        expect(await state()).toBe('revoked');
      });
    }

    if (idempotency === 'by_operation') {
      test('the same operation again gets the same answer and has no second effect', async () => {
        const disable = command();
        const first = await issuer.act(disable);
        await issuer.act(command({ action: 'enable' }));
        expect(await issuer.act(disable)).toMatchObject({ kind: first.kind, state: 'disabled' });
        expect(await state()).toBe('active');
      });

      test('the same operation twice at once has one effect', async () => {
        const disable = command();
        const [one, two] = await Promise.all([issuer.act(disable), issuer.act(disable)]);
        expect([one.kind, two.kind]).toEqual(['done', 'done']);
        expect(await state()).toBe('disabled');
      });

      test('an operation id cannot be used for something else', async () => {
        const disable = command();
        await issuer.act(disable);
        const refused = { kind: 'refused', code: 'operation_conflict' };
        expect(await issuer.act({ ...disable, action: 'enable' })).toMatchObject(refused);
        expect(await issuer.act({ ...disable, keyId: await bench.addKey() })).toMatchObject(refused);
        expect(await state()).toBe('disabled');
      });
    } else {
      test('the same operation again has no second effect while its first one holds', async () => {
        const disable = command();
        await issuer.act(disable);
        expect(await issuer.act(disable)).toMatchObject({ kind: 'noop', state: stopped });
      });

      test('the same operation twice at once leaves the key stopped', async () => {
        const disable = command();
        const results = await Promise.all([issuer.act(disable), issuer.act(disable)]);
        expect(results.filter(({ kind }) => !['done', 'noop', 'pending'].includes(kind))).toEqual([]);
        expect(await state()).toBe(stopped);
      });
    }

    if (protects) {
      test('stops a protected key only when two different people agreed', async () => {
        const guarded = await bench.addKey({ protected: true });
        expect(await issuer.read(guarded)).toMatchObject({ protected: true });
        expect(await issuer.read(keyId)).toMatchObject({ protected: false });
        const by = (...approvedBy: string[]) =>
          issuer.act(command({ keyId: guarded, actor: { type: 'user', id: 'ana', approvedBy } }));
        for (const approvers of [[], ['ana'], ['ana', 'ana']]) {
          expect(await by(...approvers)).toMatchObject({ kind: 'refused', code: 'protected' });
        }
        expect(await isUsable(guarded)).toBe(true);
        expect(await by('ana', 'ben')).toMatchObject({ kind: 'done' });
      });
    }

    if (versions) {
      test('refuses when the key is no longer what was read', async () => {
        const read = await issuer.read(keyId);
        const ifVersion = 'version' in read && read.version !== undefined ? read.version : 'none';
        await issuer.act(command());
        expect(await issuer.read(keyId)).not.toMatchObject({ version: ifVersion });
        await issuer.act(command({ action: 'enable' }));
        const late = await issuer.act(command({ ifVersion }));
        expect(late).toMatchObject({ kind: 'refused', code: 'version_conflict' });
      });
    }
  });
}
