import { isIPv6 } from 'node:net';
import { clickHouseConfig } from '@tripkey/test/harness';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { migrate } from './migrate.ts';
import { defineQuestion } from './question.ts';
import { RequestBlock } from './request-block.ts';
import { type RequestRow, requestColumns } from './request-row.ts';
import { openStore, type Store } from './store.ts';

let store: Store;
beforeAll(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
});
beforeEach(() => store.command('TRUNCATE TABLE requests_raw_v1'));
afterAll(() => store[Symbol.asyncDispose]());

const dayMs = Date.parse('2026-03-02T00:00:00.000Z');
const whole = (max: number) => fc.integer({ min: 0, max });
const text = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('a', 'é', '漢', '\ud800', '\u0000'), minLength: 30, maxLength: 90 }),
);
const v4 = fc.ipV4().map((ip) => `::ffff:${ip}`);
const v6 = fc.ipV6().filter((ip) => isIPv6(ip));
const row: fc.Arbitrary<RequestRow> = fc.record({
  ts: whole(86_400_000 - 1).map((ms) => dayMs + ms),
  event_id: text,
  key_id: text,
  account_id: text,
  app_id: text,
  method: text,
  route: text,
  path: text,
  status: whole(599),
  outcome: text,
  client_ip: fc.oneof(v4, v6, fc.constant('::')),
  network: text,
  asn: whole(2 ** 32 - 1),
  country: text,
  user_agent: text,
  agent_family: text,
  bytes_in: fc.maxSafeNat(),
  bytes_out: fc.maxSafeNat(),
  // Whole halves: the engine writes a Float32 with fewer digits than Node.
  latency_ms: whole(1_000_000).map((halves) => halves / 2),
  cost: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  gateway: text,
  gateway_seq: fc.maxSafeNat(),
  trace_id: text,
  tags: fc.dictionary(text, text, { maxKeys: 3 }),
  arrived_at: whole(86_400_000).map((ms) => dayMs + ms),
  _topic: text,
  _partition: whole(65_535),
  _offset: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  _idx: whole(2 ** 32 - 1),
  is_repeat: whole(2),
});

/** Every column as text, so that nothing is lost on the way back; in the order in which the rows were pushed. */
const stored = defineQuestion({
  name: 'test-block',
  sql: `
    SELECT toUnixTimestamp64Milli(ts), event_id, key_id, account_id, app_id, method, route, path, status, outcome,
           IPv6NumToString(client_ip), network, asn, country, user_agent, agent_family, toString(bytes_in),
           toString(bytes_out), latency_ms, cost, gateway, toString(gateway_seq), trace_id, tags,
           toUnixTimestamp64Milli(arrived_at), _topic, _partition, toString(_offset), _idx, is_repeat
    FROM requests_raw_v1 ORDER BY _part_offset`,
  params: z.object({}),
  row: z.array(z.any()),
  format: 'compact',
});

/** What the engine is expected to say: text repaired where it is not well-formed, addresses in their short form. */
async function asStored(rows: readonly RequestRow[]): Promise<unknown[][]> {
  const addresses = defineQuestion({
    name: 'test-addresses',
    sql: `SELECT IPv6NumToString(toIPv6(arrayJoin({ips:Array(String)})))`,
    params: z.object({ ips: z.array(z.string()) }),
    row: z.tuple([z.string()]),
    format: 'compact',
  });
  const short = await store.ask(addresses, { ips: rows.map(({ client_ip }) => client_ip) });
  return rows.map((of, i) =>
    requestColumns.map((name) => {
      const value = of[name];
      if (name === 'client_ip') return short[i]![0];
      if (name === 'bytes_in' || name === 'bytes_out' || name === 'gateway_seq' || name === '_offset') {
        return String(value);
      }
      if (typeof value === 'string') return value.toWellFormed();
      if (name !== 'tags') return value;
      const tags = Object.entries(of.tags).map(([tag, text]) => [tag.toWellFormed(), text.toWellFormed()]);
      return Object.fromEntries(tags);
    }),
  );
}

test('what is pushed is what the table holds, whatever the values', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
      await store.command('TRUNCATE TABLE requests_raw_v1');
      // Equal sort keys keep the order of the rows.
      const pushed = rows.map((of) => ({ ...of, key_id: 'key', ts: dayMs }));
      await store.insertBlock('requests_raw_v1', RequestBlock.of(pushed), 'token');
      const answered = await store.ask(stored, {});
      expect(answered.map((values) => ({ ...values }))).toEqual(
        (await asStored(pushed)).map((values) => ({ ...values })),
      );
    }),
    { numRuns: 25 },
  );
});

test('words of all widths come through: some, more than 256, more than 65,536', async () => {
  const [sample] = fc.sample(row, { seed: 1, numRuns: 1 });
  for (const words of [1, 300, 70_000]) {
    await store.command('TRUNCATE TABLE requests_raw_v1');
    const block = new RequestBlock();
    for (let i = 0; i < words; i++) block.push({ ...sample!, route: `/r/${i}`, _offset: BigInt(i) });
    await store.insertBlock('requests_raw_v1', block, 'token');
    const routes = defineQuestion({
      name: 'test-routes',
      sql: `SELECT count(), uniqExact(route), countIf(route = concat('/r/', toString(_offset))) FROM requests_raw_v1`,
      params: z.object({}),
      row: z.tuple([z.number(), z.number(), z.number()]),
      format: 'compact',
    });
    expect(await store.ask(routes, {})).toEqual([[words, words, words]]);
  }
});

test('a block can be looked into: its rows are what was pushed', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      const read = [...RequestBlock.of(rows)];
      const well = (value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value);
      for (const name of requestColumns) {
        if (name === 'client_ip' || name === 'tags' || name === 'latency_ms') continue;
        expect(read.map((of) => of[name])).toEqual(rows.map((of) => well(of[name])));
      }
      // What is read and pushed again is the same block.
      expect(
        Buffer.concat(RequestBlock.of(read).encode()).equals(Buffer.concat(RequestBlock.of(rows).encode())),
      ).toBe(true);
    }),
  );
});

test('marks of repeats are found and replaced row by row', () => {
  const [sample] = fc.sample(row, { seed: 1, numRuns: 1 });
  const block = RequestBlock.of([0, 2, 1, 2].map((is_repeat) => ({ ...sample!, is_repeat })));
  expect(block.repeats(2)).toEqual([1, 3]);
  block.setRepeat(3, 1);
  expect(Array.from(block, ({ is_repeat }) => is_repeat)).toEqual([0, 2, 1, 1]);
});

test('the size of a block grows with its rows', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
      const block = RequestBlock.of(rows);
      const { bytes } = block;
      block.push(rows[0]!);
      expect(block.bytes).toBeGreaterThan(bytes);
      expect(block.rows).toBe(rows.length + 1);
    }),
  );
});
