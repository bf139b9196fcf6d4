import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { startEmbeddedClickHouse } from '@tripkey/clickhouse-embedded';
import { type Block, ClickHouseConfig, migrate, openStore, requestColumns, type Store } from '@tripkey/store';
import * as z from 'zod';
import { defineMeasurement } from '../measure/measurement.ts';

/**
 * What the way from a service into the tables costs. The engine first fills a database by itself (INSERT SELECT, the
 * fastest way there is), then exactly those rows go batch by batch through the store into a second one. Both have
 * the whole schema, rollup included, so the ratio is the price of the wire, of text and of small batches.
 */
export const benchStore = defineMeasurement({
  name: 'store',
  summary: 'insert speed of the store into the embedded engine, against the engine alone',
  options: z.object({
    rows: z.coerce.number().int().positive().default(200_000).describe('rows to insert'),
    batchRows: z.coerce.number().int().positive().default(20_000).describe('rows in one insert'),
  }),
  async run({ options: { rows, batchRows }, seed, log, signal }) {
    const folder = await mkdtemp(join(tmpdir(), 'tripkey-bench-'));
    try {
      await using engine = await startEmbeddedClickHouse({ folder, log: () => {} });
      await using alone = await emptyDatabase(engine.url, 'bench_alone');
      await using ours = await emptyDatabase(engine.url, 'bench_ours');

      log(`${rows} rows by the engine itself`);
      const engineStartedAt = performance.now();
      await alone.command(fillSql(rows, seed));
      const engineMs = performance.now() - engineStartedAt;

      log(`the same rows through the store, ${batchRows} an insert`);
      let storeMs = 0;
      for (let from = 0; from < rows && !signal.aborted; from += batchRows) {
        const block = await readBack(alone, from, from + batchRows);
        const startedAt = performance.now();
        await ours.insertBlock('requests_raw_v1', block, `bench:${from}`);
        storeMs += performance.now() - startedAt;
      }

      const stored = await counts(ours);
      const expected = await counts(alone);
      return {
        figures: {
          rows,
          batch_rows: batchRows,
          store_rows_per_s: Math.round((rows / storeMs) * 1_000),
          engine_rows_per_s: Math.round((rows / engineMs) * 1_000),
          store_to_engine_ratio: Number((engineMs / storeMs).toFixed(3)),
          raw_rows: stored.raw,
          rollup_requests: stored.rollup,
        },
        held:
          stored.raw === rows &&
          stored.rollup === rows &&
          expected.raw === rows &&
          stored.bytes === expected.bytes,
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

async function emptyDatabase(url: string, database: string): Promise<Store> {
  const config = ClickHouseConfig.parse({ url, database });
  await migrate(config);
  return openStore(config);
}

/** Rows as they come from a busy minute: skewed keys, few routes, some refusals. `_offset` numbers them. */
function fillSql(rows: number, seed: number): string {
  const columns: Record<(typeof requestColumns)[number], string> = {
    ts: `toDateTime64('2026-03-02 10:00:00', 3, 'UTC') + toIntervalMillisecond(number % 60000)`,
    event_id: `toString(generateUUIDv7(number))`,
    key_id: `concat('key_', toString(toUInt32(pow(h % 1000 / 1000, 3) * 20000)))`,
    account_id: `concat('acct_', toString(h % 300))`,
    app_id: `concat('app_', toString(h % 12))`,
    method: `['GET', 'GET', 'GET', 'POST', 'PATCH'][1 + h % 5]`,
    route: `concat('/v1/', ['leads', 'contacts', 'deals', 'campaigns'][1 + h % 4], '/{id}')`,
    path: `concat('/v1/', ['leads', 'contacts', 'deals', 'campaigns'][1 + h % 4], '/', toString(h % 90000))`,
    status: `[200, 200, 200, 200, 201, 404, 403, 429][1 + h % 8]`,
    outcome: `['valid', 'valid', 'valid', 'valid', 'valid', 'valid', 'forbidden', 'rate_limited'][1 + h % 8]`,
    client_ip: `toIPv6(concat('203.0.', toString(h % 113), '.', toString(h % 250)))`,
    network: `concat('203.0.', toString(h % 113), '.0/24')`,
    asn: `64500 + h % 40`,
    country: `['DE', 'US', 'NL', 'FR'][1 + h % 4]`,
    user_agent: `concat('lead-sync/', toString(h % 30))`,
    agent_family: `'lead-sync'`,
    bytes_in: `200 + h % 400`,
    bytes_out: `800 + h % 9000`,
    latency_ms: `toFloat32(5 + h % 200)`,
    cost: `1`,
    gateway: `concat('edge-', toString(h % 4))`,
    gateway_seq: `number + 1`,
    trace_id: `''`,
    tags: `map()`,
    arrived_at: `toDateTime64('2026-03-02 10:00:01', 3, 'UTC') + toIntervalMillisecond(number % 60000)`,
    _topic: `'bench'`,
    _partition: `number % 12`,
    _offset: `number`,
    _idx: `0`,
    is_repeat: `0`,
  };
  return `INSERT INTO requests_raw_v1 (${requestColumns.join(', ')})
    SELECT ${requestColumns.map((column) => columns[column]).join(', ')}
    FROM (SELECT number, cityHash64(number, ${seed}) AS h FROM numbers(${rows}))`;
}

async function readBack(store: Store, from: number, to: number): Promise<Block> {
  const { stream } = await store.client.exec({
    query: `SELECT ${requestColumns.join(', ')} FROM requests_raw_v1
      WHERE _offset >= {from: UInt64} AND _offset < {to: UInt64} FORMAT Native`,
    query_params: { from, to },
  });
  const body = await buffer(stream);
  return { rows: to - from, columns: requestColumns, encode: () => [body] };
}

const Counts = z.tuple([z.object({ raw: z.number(), rollup: z.number(), bytes: z.number() })]);

async function counts(store: Store): Promise<z.infer<typeof Counts>[0]> {
  const result = await store.client.query({
    query: `SELECT
        (SELECT count() FROM requests_raw_v1) AS raw,
        (SELECT sum(requests) FROM usage_per_minute_v1) AS rollup,
        (SELECT sum(bytes_out) FROM usage_per_minute_v1) AS bytes`,
    format: 'JSONEachRow',
  });
  return Counts.parse(await result.json())[0];
}
