import { topics } from '@tripkey/contract';
import { ingestFrontier, migrate, migrationFiles, openStore, publishedProgress } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { describe, expect, test } from 'vitest';
import { listStreams, retire } from '../commands/streams.ts';
import { type Diagnosis, examine } from './diagnosis.ts';
import { examineClickHouse, examineProgress, examineSchema } from './examine-clickhouse.ts';
import { examineKafka } from './examine-kafka.ts';

const faults = (found: readonly Diagnosis[]) => found.filter(({ verdict }) => verdict === 'fault');

describe('ClickHouse, looked at', () => {
  test('is well when it answers and has this release’s tables', async () => {
    const config = clickHouseConfig();
    await migrate(config);
    await using store = openStore(config);
    const found = await examine([
      examineClickHouse(store, Date.now),
      examineSchema(store),
      examineProgress(store, Date.now),
    ]);
    // The disk of this machine is not what is tested.
    expect(faults(found).filter(({ says }) => !says.includes('disk'))).toEqual([]);
    expect(found.map(({ says }) => says)).toContain('ingest has stored nothing yet');
  });

  test('whose clock is off, or whose tables are older or newer, is told from one that is well', async () => {
    const config = clickHouseConfig();
    await migrate(config);
    await using store = openStore(config);
    const hourMs = 3_600_000;
    expect(faults(await examine([examineClickHouse(store, () => Date.now() + hourMs)]))).toMatchObject([
      { says: 'its clock differs from ours by 3600 s' },
    ]);
    await store.insert('schema_migrations_v1', [{ number: 9_999, name: 'later' }], 'later');
    expect(await examine([examineSchema(store)])).toMatchObject([{ verdict: 'warning' }]);
    await store.command(
      `ALTER TABLE schema_migrations_v1 DELETE WHERE number = ${migrationFiles().at(-1)!.number} SETTINGS mutations_sync = 2`,
    );
    expect(await examine([examineSchema(store)])).toMatchObject([
      { verdict: 'fault', advice: 'run `tripkey migrate`' },
    ]);
  });

  test('that is not there is a fault with advice, and what comes after is looked at all the same', async () => {
    await using nowhere = openStore({ ...clickHouseConfig(), url: 'http://127.0.0.1:1' });
    const after = {
      about: 'after',
      advice: '',
      look: async (): Promise<Diagnosis[]> => [{ about: 'after', verdict: 'ok', says: 'reached' }],
    };
    const found = await examine([examineClickHouse(nowhere, Date.now), after]);
    expect(found).toMatchObject([{ about: 'clickhouse', verdict: 'fault' }, { says: 'reached' }]);
    expect(found[0]?.advice).toContain('clickhouse.url');
  });

  test('ingest or a detector that stands still is a fault', async () => {
    const config = clickHouseConfig();
    await migrate(config);
    await using store = openStore(config);
    const at = new Date(Date.now() - 600_000).toISOString();
    const progress = { topic: 't', partition: 0, offset: 5, stored_until: at, lag: 7, at };
    await store.insert('ingest_progress_v1', [progress], 'p');
    const found = await examine([examineProgress(store, Date.now)]);
    expect(faults(found)).toMatchObject([
      {
        says: expect.stringContaining('ingest has stored nothing of the last'),
        advice: expect.stringContaining('everything waits for t/0'),
      },
    ]);
    expect(found.map(({ says }) => says)).toContain('7 records wait in Kafka');
  });

  test('a stream that is gone is waited for until it is retired, and again when it comes back', async () => {
    const config = clickHouseConfig();
    await migrate(config);
    await using store = openStore(config);
    const now = Date.now();
    const say = (partition: number, at: number) =>
      store.insert(
        'ingest_progress_v1',
        [{ topic: 'http', partition, offset: 5, stored_until: at, lag: 7, at }],
        `${partition} ${at}`,
      );
    const frontier = async () => (await store.ask(ingestFrontier, {}))[0];
    await say(0, now);
    await say(1, now - 600_000);
    expect(await frontier()).toEqual({ frontier: now - 600_000, partitions: 2 });
    expect((await listStreams(store)).map(({ stream }) => stream)).toEqual(['http/1', 'http/0']);

    await expect(retire(store, 'http/0', now)).rejects.toThrow('heard of 0 s ago');
    await expect(retire(store, 'http/2', now)).rejects.toThrow('nobody waits for a stream http/2');
    await retire(store, 'http/1', now);
    expect(await frontier()).toEqual({ frontier: now, partitions: 1 });
    expect(faults(await examine([examineProgress(store, () => now)]))).toEqual([]);
    // Who comes back begins where it was retired.
    const told = await store.ask(publishedProgress, { topic: 'http' });
    expect(told.map(({ stored_until }) => stored_until)).toEqual([now, now]);

    await say(1, now + 1_000);
    await say(0, now + 2_000);
    expect(await frontier()).toEqual({ frontier: now + 1_000, partitions: 2 });
    for (const stream of ['http/0', 'http/1']) await retire(store, stream, now + 60_000);
    expect(await frontier()).toEqual({ frontier: 0, partitions: 0 });
  });
});

describe('Kafka, looked at', () => {
  const sound = {
    partitions: 6,
    replicas: 3,
    underReplicated: 0,
    uncleanElection: false,
    retentionMs: 7 * 86_400_000,
  };
  const look = (change: Partial<typeof sound>) =>
    examine([
      examineKafka(async (names) => ({
        brokers: 3,
        topics: names.map((topic) => ({ topic, ...sound, ...change })),
      })),
    ]);

  test('is well with several copies that are kept for days', async () => {
    expect((await look({})).every(({ verdict }) => verdict === 'ok')).toBe(true);
  });

  test.each([
    [{ replicas: 1 }, 'one copy only'],
    [{ underReplicated: 2 }, '2 of 6 partitions lack a copy'],
    [{ uncleanElection: true }, 'a broker that is behind may lead'],
    [{ retentionMs: 3_600_000 }, 'records are kept 1 h'],
  ])('is not with %j', async (change, says) => {
    const odd = (await look(change)).filter(({ verdict }) => verdict !== 'ok');
    expect(odd.map((one) => one.says)).toContain(`${topics.requests}: ${says}`);
    expect(odd.every(({ advice }) => advice)).toBe(true);
  });
});
