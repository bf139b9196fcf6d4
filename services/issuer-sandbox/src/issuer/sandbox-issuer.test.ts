import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSecret } from '@tripkey/service-kit';
import { ManualClock } from '@tripkey/service-kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inMemoryState, type StateKeeper, stateFile } from './issuer-state.ts';
import { SandboxIssuer } from './sandbox-issuer.ts';

const wish = { keyId: 'key_1', name: 'CRM', accountId: 'a', appId: 'b', owner: 'c', scopes: ['read:leads'] };
const disable = {
  action: 'disable' as const,
  reason: 'stolen',
  actor: { type: 'policy' as const, id: 'p', approved_by: [] },
  incident_id: 'inc_1',
};
const enable = { ...disable, action: 'enable' as const };
const clock = new ManualClock();
const open = (keeper: StateKeeper) => SandboxIssuer.open({ keeper, clock, propagationMs: 0 });

describe('kept in a file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'issuer-'));
    path = join(folder, 'keys.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('keys and answered operations outlive a restart', async () => {
    const before = await open(stateFile(path));
    const { secret } = await before.createKey(wish);
    const done = await before.act('operation-number-1', 'key_1', disable);
    await before.act('operation-number-2', 'key_1', enable);

    const after = await open(stateFile(path));
    expect(after.listKeys()).toEqual(before.listKeys());
    expect(after.findBySecretHash(hashSecret(secret))?.record.key_id).toBe('key_1');
    expect(await after.act('operation-number-1', 'key_1', disable)).toEqual(done);
    expect(after.read('key_1').status).toBe('active');
  });

  test('the secret is nowhere in the file, and only its owner reads it', async () => {
    const { secret } = await (await open(stateFile(path))).createKey(wish);
    expect(await readFile(path, 'utf8')).not.toContain(secret);
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  test.each(['', '{', '{"version": 2}', '[]'])(
    'a file that is none of ours is not taken for empty: %j',
    async (text) => {
      await writeFile(path, text);
      await expect(open(stateFile(path))).rejects.toThrow('does not hold the keys');
      expect(await readFile(path, 'utf8')).toBe(text);
    },
  );
});

test('a change that cannot be kept is not made, and the next one can be', async () => {
  let full = false;
  const keeper: StateKeeper = {
    ...inMemoryState,
    save: async () => {
      if (full) throw new Error('no space left on device');
    },
  };
  const issuer = await open(keeper);
  await issuer.createKey(wish);
  full = true;
  const refused = issuer.act('operation-number-1', 'key_1', disable);
  await expect(refused).rejects.toMatchObject({ status: 503, code: 'unavailable' });
  expect(issuer.read('key_1')).toMatchObject({ status: 'active', version: '1' });
  full = false;
  expect(await issuer.act('operation-number-1', 'key_1', disable)).toMatchObject({ result: 'done' });
});

test('a refused operation is not remembered: what it lacked may come', async () => {
  const issuer = await open(inMemoryState);
  await expect(issuer.act('operation-number-1', 'key_1', disable)).rejects.toMatchObject({
    code: 'key_not_found',
  });
  await issuer.createKey(wish);
  expect(await issuer.act('operation-number-1', 'key_1', disable)).toMatchObject({ result: 'done' });
});

test('an expired key reads as revoked and cannot be enabled', async () => {
  const issuer = await open(inMemoryState);
  await issuer.createKey({ ...wish, expiresAt: new Date(clock.now() + 1_000).toISOString() });
  expect(issuer.read('key_1').status).toBe('expiring');
  await clock.advance(1_000);
  expect(issuer.read('key_1').status).toBe('revoked');
  expect(issuer.listKeys()).toMatchObject([{ status: 'expired' }]);
  await expect(issuer.act('operation-number-1', 'key_1', enable)).rejects.toMatchObject({
    code: 'unsupported_action',
  });
});
