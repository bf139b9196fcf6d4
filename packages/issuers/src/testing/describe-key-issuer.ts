import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeyIssuer } from '../key-issuer.ts';
import { aCommand } from './a-command.ts';

/** An issuer with the switches that the suite needs. */
export interface IssuerOnBench {
  readonly issuer: KeyIssuer;
  /** Makes an active key and returns its id. */
  addKey(changes?: { protected?: boolean }): string | Promise<string>;
  /** The next action takes effect, and its reply does not arrive. */
  loseNextReply(): void;
  /** The next action is told to come later. */
  rateLimitNext(): void;
  close?(): Promise<void>;
}

/** What every issuer adapter promises; the fake passes it too. The issuer must offer disable, enable and revoke, not rotate. */
export function describeKeyIssuer(name: string, make: () => IssuerOnBench | Promise<IssuerOnBench>): void {
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

    test('says what it can do', async () => {
      const { actions, undo, propagationMs } = await issuer.capabilities();
      expect([...actions].toSorted()).toEqual(['disable', 'enable', 'revoke']);
      expect(undo.disable).toBeDefined();
      expect(undo.revoke).toBeUndefined();
      expect(propagationMs).toBeGreaterThanOrEqual(0);
    });

    test('reads an active key as active and one that it does not know as missing', async () => {
      expect(await issuer.read(keyId)).toMatchObject({ state: 'active', protected: false });
      expect(await issuer.read('key_that_never_was')).toEqual({ state: 'missing' });
    });

    test('a disabled key reads as disabled, under a new version', async () => {
      const before = await issuer.read(keyId);
      expect(await issuer.act(aCommand({ keyId }))).toMatchObject({ kind: 'done', state: 'disabled' });
      const after = await issuer.read(keyId);
      expect(after.state).toBe('disabled');
      expect(after).not.toMatchObject({ version: 'version' in before ? before.version : '' });
    });

    test('the same operation again gets the same answer and has no second effect', async () => {
      const disable = aCommand({ keyId });
      const first = await issuer.act(disable);
      await issuer.act(aCommand({ keyId, action: 'enable' }));
      expect(await issuer.act(disable)).toMatchObject({ kind: first.kind, state: 'disabled' });
      expect(await state()).toBe('active');
    });

    test('the same operation twice at once has one effect', async () => {
      const disable = aCommand({ keyId });
      const [one, two] = await Promise.all([issuer.act(disable), issuer.act(disable)]);
      expect([one.kind, two.kind]).toEqual(['done', 'done']);
      expect(await state()).toBe('disabled');
    });

    test('an operation id cannot be used for something else', async () => {
      const disable = aCommand({ keyId });
      await issuer.act(disable);
      const refused = { kind: 'refused', code: 'operation_conflict' };
      expect(await issuer.act({ ...disable, action: 'revoke' })).toMatchObject(refused);
      expect(await issuer.act({ ...disable, keyId: await bench.addKey() })).toMatchObject(refused);
      expect(await state()).toBe('disabled');
    });

    test('what is so already is a noop', async () => {
      await issuer.act(aCommand({ keyId }));
      expect(await issuer.act(aCommand({ keyId }))).toMatchObject({ kind: 'noop', state: 'disabled' });
      const other = await bench.addKey();
      expect(await issuer.act(aCommand({ keyId: other, action: 'enable' }))).toMatchObject({ kind: 'noop' });
    });

    test('disabling can be undone', async () => {
      await issuer.act(aCommand({ keyId }));
      const undone = await issuer.act(aCommand({ keyId, action: 'enable' }));
      expect(undone).toMatchObject({ kind: 'done', state: 'active' });
      expect(await state()).toBe('active');
    });

    test('revoking is for ever, and a revoked key needs no disabling', async () => {
      expect(await issuer.act(aCommand({ keyId, action: 'revoke' }))).toMatchObject({
        kind: 'done',
        state: 'revoked',
      });
      expect(await issuer.act(aCommand({ keyId, action: 'enable' }))).toMatchObject({ kind: 'refused' });
      expect(await issuer.act(aCommand({ keyId }))).toMatchObject({ kind: 'noop', state: 'revoked' });
      expect(await state()).toBe('revoked');
    });

    test('refuses what it does not offer, and keys that it does not know', async () => {
      expect(await issuer.act(aCommand({ keyId, action: 'rotate' }))).toMatchObject({
        kind: 'refused',
        code: 'unsupported',
      });
      expect(await issuer.act(aCommand({ keyId: 'key_that_never_was' }))).toMatchObject({
        kind: 'refused',
        code: 'key_not_found',
      });
    });

    test('stops a protected key only when two different people agreed', async () => {
      const guarded = await bench.addKey({ protected: true });
      expect(await issuer.read(guarded)).toMatchObject({ protected: true });
      const by = (...approvedBy: string[]) =>
        issuer.act(aCommand({ keyId: guarded, actor: { type: 'user', id: 'ana', approvedBy } }));
      for (const approvers of [[], ['ana'], ['ana', 'ana']]) {
        expect(await by(...approvers)).toMatchObject({ kind: 'refused', code: 'protected' });
      }
      expect(await state(guarded)).toBe('active');
      expect(await by('ana', 'ben')).toMatchObject({ kind: 'done' });
    });

    test('refuses when the key is no longer what was read', async () => {
      const read = await issuer.read(keyId);
      const ifVersion = 'version' in read && read.version !== undefined ? read.version : 'none';
      await issuer.act(aCommand({ keyId }));
      await issuer.act(aCommand({ keyId, action: 'enable' }));
      expect(await issuer.act(aCommand({ keyId, ifVersion }))).toMatchObject({
        kind: 'refused',
        code: 'version_conflict',
      });
    });

    test('a lost reply is ambiguous; the same operation again settles it', async () => {
      const disable = aCommand({ keyId });
      bench.loseNextReply();
      expect(await issuer.act(disable)).toMatchObject({ kind: 'retry', ambiguous: true });
      expect(await state()).toBe('disabled');
      expect(await issuer.act(disable)).toMatchObject({ kind: 'done', state: 'disabled' });
    });

    test('a rate limit says when to come again and has changed nothing', async () => {
      bench.rateLimitNext();
      const result = await issuer.act(aCommand({ keyId }));
      expect(result).toMatchObject({ kind: 'retry', ambiguous: false, why: 'rate_limited' });
      expect(result.kind === 'retry' && result.afterMs).toBeGreaterThan(0);
      expect(await state()).toBe('active');
    });

    test.each([
      ['an operation id that is too short', { operationId: 'short' }],
      ['an operation id that is no header value', { operationId: 'line\r\nbreak: in the middle' }],
      ['no reason', { reason: '' }],
      ['a reason without end', { reason: 'x'.repeat(2_001) }],
    ])('a command with %s is refused and changes nothing', async (_, changes) => {
      expect(await issuer.act(aCommand({ keyId, ...changes }))).toMatchObject({
        kind: 'refused',
        code: 'invalid',
      });
      expect(await state()).toBe('active');
    });

    test('an abort ends every call with its reason', async () => {
      const signal = AbortSignal.abort(new Error('shutting down'));
      await expect(issuer.capabilities(signal)).rejects.toThrow('shutting down');
      await expect(issuer.read(keyId, signal)).rejects.toThrow('shutting down');
      await expect(issuer.act(aCommand({ keyId }), signal)).rejects.toThrow('shutting down');
      expect(await state()).toBe('active');
    });
  });
}
