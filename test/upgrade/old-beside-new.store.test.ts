import { clickHouseIncidentLog, currentOperation, fold } from '@tripkey/alerter';
import { detector } from '@tripkey/detector';
import { type Logger, Metrics, systemClock } from '@tripkey/service-kit';
import { silentLogger } from '@tripkey/service-kit/testing';
import {
  defineQuestion,
  migrate,
  migrationFiles,
  openStore,
  requireSchema,
  type Store,
} from '@tripkey/store';
import { InMemoryBroker } from '@tripkey/stream/memory';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { clickHouseConfig } from '../harness/index.ts';
import { releaseBefore } from './release-before.ts';

/** A database whose tables are those of an earlier release, up to this migration. */
async function databaseOf(lastMigration: number) {
  const config = clickHouseConfig();
  await using nowhere = openStore({ ...config, database: 'default' });
  await nowhere.command(`CREATE DATABASE ${config.database}`);
  const store = openStore(config);
  for (const { number, name, sql } of migrationFiles().filter((file) => file.number <= lastMigration)) {
    await store.command(sql);
    await store.insert('schema_migrations_v1', [{ number, name }], `migration-${number}`);
  }
  return { config, store };
}

const look = (store: Store) =>
  requireSchema(store, { clock: systemClock, log: silentLogger }, new AbortController().signal);

async function count(store: Store, sql: string): Promise<number> {
  const row = z.object({ count: z.coerce.number() });
  const [answer] = await store.ask(defineQuestion({ name: 'test', sql, params: z.object({}), row }), {});
  return answer!.count;
}

const writtenTables = [
  'findings_v1',
  'incident_events_v1',
  'profiles_v2',
  'detector_progress_v1',
  'audit_v1',
] as const;

/** What the release before wrote, into tables of whichever release. */
async function writeAll(store: Store): Promise<void> {
  await store.insert('keys_v1', releaseBefore.rows('keys_v1'), 'keys');
  for (const table of writtenTables) await store.insert(table, releaseBefore.rows(table), `old:${table}`);
}

// 26: before there was an API. The release before has the number that it says itself.
describe.each([26, releaseBefore.migrations])('from the tables of migration %i', (lastMigration) => {
  test('an old ingest writes on while they are migrated, and every request is counted once', async () => {
    const { config, store } = await databaseOf(lastMigration);
    await using _ = store;
    const request = releaseBefore.rows('requests_raw_v1')[0]!;
    const migrated = migrate(config).then(() => true);
    let batches = 0;
    const writeBatch = async () => {
      const token = `batch-${batches++}`;
      const rows = Array.from({ length: 50 }, (_, index) => ({
        ...request,
        ...{ event_id: `${token}/${index}`, _offset: batches * 50 + index },
      }));
      await store.insert('requests_raw_v1', rows, token);
      // It does not know whether the first attempt arrived.
      if (batches % 3 === 0) await store.insert('requests_raw_v1', rows, token);
    };
    let isOver = false;
    migrated.finally(() => {
      isOver = true;
    });
    do await writeBatch();
    while (!isOver);
    await migrated;
    await writeBatch();
    await look(store);
    expect(await count(store, 'SELECT count() AS count FROM requests_raw_v1')).toBe(batches * 50);
    expect(await count(store, 'SELECT sum(requests) AS count FROM usage_per_minute_v1')).toBe(batches * 50);
  });
});

test('a new alerter and a new detector go on where those of the release before stopped', async () => {
  const { config, store } = await databaseOf(releaseBefore.migrations);
  await using _ = store;
  await writeAll(store);
  await migrate(config);
  const events = await clickHouseIncidentLog(store).load(0);
  expect(events).toHaveLength(releaseBefore.rows('incident_events_v1').length);
  expect(currentOperation(fold(events))).toMatchObject({ state: 'traffic_confirmed' });

  const [progress] = releaseBefore.rows('detector_progress_v1');
  const frontier = `${String(progress!.frontier).replace(' ', 'T')}Z`;
  const place = { topic: 'tripkey.requests.v1', partition: 0 };
  await store.insert('ingest_progress_v1', [{ ...place, stored_until: frontier, at: frontier }], 'progress');
  await using broker = new InMemoryBroker();
  await broker.ensureTopics([{ topic: 'findings', partitions: 1 }]);
  const stop = new AbortController();
  const said: unknown[] = [];
  const log = new Proxy(silentLogger, {
    get: (of, name: keyof Logger) => (name === 'info' ? (facts: unknown) => said.push(facts) : of[name]),
  });
  const findings = broker.sink('findings');
  await detector(
    {
      ...{ store, findings, clock: systemClock, log, metrics: new Metrics(), tickMs: 2_000 },
      onCaughtUp: () => stop.abort(),
    },
    stop.signal,
  );
  expect(said[0]).toMatchObject({ keys: 1, frontier: new Date(frontier) });
});

test('the release before writes into the tables of this one', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  await writeAll(store);
  for (const table of writtenTables)
    expect(await count(store, `SELECT count() AS count FROM ${table}`), table).toBe(
      releaseBefore.rows(table).length,
    );
});

describe('a service that looks at the tables before it starts', () => {
  test('refuses those of an earlier release, and says what to do', async () => {
    const { store } = await databaseOf(26);
    await using _ = store;
    await expect(look(store)).rejects.toThrow(/run `tripkey migrate` first. Missing: 31 lessons_withdrawn/);
  });

  test('refuses an empty server', async () => {
    await using store = openStore(clickHouseConfig());
    await expect(look(store)).rejects.toMatchObject({ code: 'store.schema_behind' });
  });

  test('takes those of a later release', async () => {
    const config = clickHouseConfig();
    await migrate(config);
    await using store = openStore(config);
    await store.insert('schema_migrations_v1', [{ number: 9_999, name: 'later' }], 'later');
    await look(store);
  });
});
