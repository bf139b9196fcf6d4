import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KeyRegistry } from './key-registry.ts';
import { migrate } from './migrate.ts';
import { openStore, type Store } from './store.ts';

let store: Store;

beforeAll(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
});
afterAll(() => store[Symbol.asyncDispose]());

async function tell(key_id: string, version: number, changes: object = {}) {
  const row = { key_id, version, status: 'active', scopes: ['read:leads'], ...changes };
  await store.insert('keys_v1', [row], `${key_id}:${version}`);
}

test('a key that comes late, dated before others that are known, is seen', async () => {
  const registry = new KeyRegistry();
  await tell('key_new', 5_000);
  await registry.refresh(store);
  await tell('key_late', 1_000);
  await registry.refresh(store);
  expect(registry.get('key_late')).toMatchObject({ key_id: 'key_late', scopes: ['read:leads'] });
  expect(registry.size).toBe(2);
});

test('the newest word on a key counts, also when an older one comes after it', async () => {
  const registry = new KeyRegistry();
  await tell('key_revoked', 2_000, { status: 'revoked', revoked_at: '2026-03-02T10:00:00Z' });
  await registry.refresh(store);
  await tell('key_revoked', 1_000);
  await registry.refresh(store);
  expect(registry.get('key_revoked')).toMatchObject({
    status: 'revoked',
    revoked_at: '2026-03-02T10:00:00Z',
  });
  await tell('key_revoked', 3_000);
  await registry.refresh(store);
  expect(registry.get('key_revoked')).toMatchObject({ status: 'active' });
});

test('a key is found by its secret, and only by the newest', async () => {
  const [old, rotated] = ['a'.repeat(32), 'b'.repeat(32)];
  const registry = new KeyRegistry();
  await tell('key_secret', 1_000, { secret_fingerprints: [old] });
  await registry.refresh(store);
  expect(registry.bySecret(old)).toMatchObject({ key_id: 'key_secret' });
  await tell('key_secret', 2_000, { secret_fingerprints: [rotated] });
  await registry.refresh(store);
  expect(registry.bySecret(old)).toBeUndefined();
  expect(registry.bySecret(rotated)).toMatchObject({ key_id: 'key_secret' });
  expect(JSON.stringify(registry.get('key_secret'))).not.toContain(rotated);
  expect(registry.everySecretKnown).toBe(false); // others in this table have none
});

test('a registry that starts later knows what one that was there from the start knows', async () => {
  const early = new KeyRegistry();
  for (const version of [30, 10, 20]) {
    await tell(`key_v${version}`, version);
    await early.refresh(store);
  }
  const late = new KeyRegistry();
  await late.refresh(store);
  for (const version of [10, 20, 30])
    expect(late.get(`key_v${version}`)).toEqual(early.get(`key_v${version}`));
  expect(late.size).toBe(early.size);
});
