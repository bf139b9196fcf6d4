import { KeyRecord, topics } from '@tripkey/contract';
import { aKey } from '@tripkey/contract/testing';
import { hashSecret, Metrics, secretFingerprint, systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import { InMemoryBroker } from '@tripkey/stream/memory';
import { expect, test } from 'vitest';
import { consumeKeys, importKeys } from './keys.ts';
import { RecordingStore } from './testing/index.ts';

test('importing the same records again changes nothing', async () => {
  const store = new RecordingStore();
  const records = [aKey(), aKey({ key_id: 'key_forms_2' })].map((record) => KeyRecord.parse(record));
  await importKeys(store, records, 1_000, null);
  await importKeys(store, records, 1_000, null);
  expect(store.rows('keys_v1')).toMatchObject([
    { key_id: 'key_forms_1', version: 1_000, revoked_at: null, issuer: '' },
    { key_id: 'key_forms_2', version: 1_000 },
  ]);
});

test('of a hash of a secret only a keyed one of it is stored, and without the pepper none', async () => {
  const hash = hashSecret('tk_demo_made-up-secret');
  const record = KeyRecord.parse({ ...aKey(), secret_hashes: [hash] });
  const store = new RecordingStore();
  await importKeys(store, [record], 1_000, 'a pepper for tests only');
  const [fingerprint] = store.rows('keys_v1')[0]!.secret_fingerprints as string[];
  expect(fingerprint).toBe(secretFingerprint('a pepper for tests only', hash));
  expect(JSON.stringify(store.rows('keys_v1'))).not.toContain(hash);

  const without = new RecordingStore();
  await importKeys(without, [record], 1_000, null);
  expect(without.rows('keys_v1')[0]).toMatchObject({ secret_fingerprints: [] });
  expect(JSON.stringify(without.rows('keys_v1'))).not.toContain(hash);
});

test('what the topic says about keys is stored; deleted, broken and leaking records are not', async () => {
  const broker = new InMemoryBroker();
  await broker.ensureTopics([{ topic: topics.keys, partitions: 1 }]);
  const store = new RecordingStore();
  const stop = new AbortController();
  const running = consumeKeys(
    {
      source: broker.source(topics.keys, 'keys'),
      deadLetters: broker.sink(topics.deadLetters),
      store,
      clock: systemClock,
      log: silentLogger,
      metrics: new Metrics(),
      pepper: 'a pepper for tests only',
      batch: { ageMsMax: 1 },
    },
    stop.signal,
  );
  const secret = `ghp_${'a1B2c3D4'.repeat(4)}`;
  await broker.sink(topics.keys).send([
    { key: 'a', value: JSON.stringify(aKey()) },
    { key: 'b', value: null },
    { key: 'c', value: '{"key_id":""}' },
    { key: 'd', value: JSON.stringify(aKey({ key_id: secret })) },
  ]);
  await eventually(() => expect(broker.committed(topics.keys, 'keys', 0).offset).toBe(4n));
  stop.abort();
  await running;
  expect(store.rows('keys_v1').map((row) => row.key_id)).toEqual(['key_forms_1']);
  expect(store.rows('keys_v1')[0]!.version).toBeGreaterThan(1_700_000_000_000);
  expect(store.rows('dead_letters_v1').map((row) => row.reason)).toEqual(['invalid_field', 'secret_as_id']);
  expect(JSON.stringify(store.rows('dead_letters_v1'))).not.toContain(secret);
  expect(store.rows('ingest_progress_v1')).toEqual([]);
});
