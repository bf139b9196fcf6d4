import { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
  TupleParam,
} from '@clickhouse/client';
import { eventually } from '@tripkey/service-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anEngine, type EngineUnderTest } from '../testing/engine-under-test.ts';

let under: EngineUnderTest;
beforeAll(async () => {
  under = await anEngine({ password: 'made-up' });
}, 60_000);
afterAll(() => under[Symbol.asyncDispose](), 60_000);

const quiet = { level: ClickHouseLogLevel.OFF };
const transports: [string, ClickHouseClientConfigOptions][] = [
  ['without compression', { compression: { request: false, response: false } }],
  ['with gzip both ways', { compression: { request: true, response: true } }],
];

describe.each(transports)('the unmodified client %s', (_, transport) => {
  let client: ClickHouseClient;
  beforeAll(async () => {
    client = createClient({ url: under.engine.url, password: 'made-up', log: quiet, ...transport });
    await client.command({ query: 'DROP TABLE IF EXISTS events' });
    await client.command({
      query:
        "CREATE TABLE events (id UInt64, s String, at DateTime64(3, 'UTC') DEFAULT 0) ENGINE = MergeTree ORDER BY id",
    });
  });
  afterAll(() => client.close());

  const rows = async <T>(query: string, query_params: Record<string, unknown> = {}) =>
    (await client.query({ query, query_params, format: 'JSONEachRow' })).json<T>();

  test('pings', async () => {
    expect(await client.ping()).toEqual({ success: true });
    expect(await client.ping({ select: true })).toEqual({ success: true });
  });

  test('inserts objects, streams of objects, CSV, and raw NDJSON bytes', async () => {
    const answer = await client.insert({
      table: 'events',
      values: [{ id: 1, s: 'a\n\nb' }, { id: 2 }],
      format: 'JSONEachRow',
    });
    expect(answer.summary).toMatchObject({ written_rows: '2' });
    await client.insert({
      table: 'events',
      values: Readable.from([{ id: 3 }, { id: 4 }]),
      format: 'JSONEachRow',
    });
    await client.insert({
      table: 'events',
      values: Readable.from(['5,"x"\n'], { objectMode: false }),
      format: 'CSV',
      columns: ['id', 's'],
    });
    const bytes = Readable.from([Buffer.from('{"id":6}\n\n{"id":7}\n')], { objectMode: false });
    const { stream } = await client.exec({ query: 'INSERT INTO events FORMAT JSONEachRow', values: bytes });
    stream.destroy();
    expect(await rows("SELECT id, s FROM events WHERE id <= 5 AND s != '' ORDER BY id")).toEqual([
      { id: 1, s: 'a\n\nb' },
      { id: 5, s: 'x' },
    ]);
    await eventually(async () => expect(await rows('SELECT count() AS n FROM events')).toEqual([{ n: 7 }]));
  });

  test('binds parameters of every kind', async () => {
    const at = new Date('2026-03-02T10:00:00.123Z');
    const [row] = await rows<object>(
      `SELECT {s:String} AS s, {n:Nullable(String)} AS n, {a:Array(String)} AS a, {m:Map(String, UInt8)} AS m, {b:Bool} AS b,
              {i:UInt64} AS i, {d:DateTime64(3, 'UTC')} AS d, {t:Tuple(UInt8, String)} AS t, count() AS c FROM {table:Identifier} WHERE 0`,
      {
        s: 'it\'s\ta \\ "quote"\nend',
        n: null,
        a: ["x'y", 'z\\'],
        m: { k: 1 },
        b: true,
        i: 2n ** 53n,
        d: at,
        t: new TupleParam([1, 'x']),
        table: 'events',
      },
    );
    expect(row).toEqual({
      s: 'it\'s\ta \\ "quote"\nend',
      n: null,
      a: ["x'y", 'z\\'],
      m: { k: 1 },
      b: true,
      i: 2 ** 53,
      d: '2026-03-02 10:00:00.123',
      t: [1, 'x'],
      c: 0,
    });
  });

  test('sends parameters too long for a URL as a form', async () => {
    const query = 'SELECT length({s:String}) AS n';
    const result = await client.query({
      query,
      query_params: { s: 'é'.repeat(400_000) },
      format: 'JSONEachRow',
      use_multipart_params: true,
    });
    expect(await result.json()).toEqual([{ n: 800_000 }]);
  });

  test('reads every format that it knows', async () => {
    expect(await (await client.query({ query: 'SELECT 1 AS x', format: 'JSON' })).json()).toMatchObject({
      rows: 1,
      data: [{ x: 1 }],
    });
    expect(await (await client.query({ query: 'SELECT 1, 2', format: 'CSV' })).text()).toBe('1,2\n');
    expect(
      await (
        await client.query({
          query: 'SELECT number AS n FROM numbers(100000) ORDER BY n',
          format: 'CSVWithNames',
        })
      ).text(),
    ).toMatch(/^"n"\n0\n[^n]*99999\n$/);
    const { stream } = await client.exec({ query: 'SELECT number FROM numbers(10) FORMAT Parquet' });
    const chunks = await Array.fromAsync(stream as AsyncIterable<Buffer>);
    expect(Buffer.concat(chunks).toString('latin1')).toMatch(/^PAR1[\s\S]*PAR1$/);
  });

  test('streams a million rows', async () => {
    const result = await client.query({
      query: 'SELECT number AS n FROM numbers(1000000)',
      format: 'JSONEachRow',
    });
    let count = 0;
    for await (const batch of result.stream()) count += batch.length;
    expect(count).toBe(1_000_000);
  }, 60_000);

  test("gets the engine's errors with code and type", async () => {
    const failing: [string, string, string][] = [
      ['SELECT * FROM nowhere', '60', 'UNKNOWN_TABLE'],
      ['SELEC 1', '62', 'SYNTAX_ERROR'],
      ['SELECT 1 SETTINGS no_such_setting = 1', '115', 'UNKNOWN_SETTING'],
      ['SELECT * FROM nodb.t', '81', 'UNKNOWN_DATABASE'],
      [
        'SELECT sum(sipHash64(number)) FROM numbers(100000000000) SETTINGS max_execution_time = 0.1',
        '159',
        'TIMEOUT_EXCEEDED',
      ],
      ['SELECT {x:String}', '456', 'UNKNOWN_QUERY_PARAMETER'],
    ];
    for (const [query, code, type] of failing) {
      const error = await client
        .query({ query })
        .then((r) => r.text())
        .catch((e: unknown) => e);
      expect(error).toBeInstanceOf(ClickHouseError);
      expect(error).toMatchObject({ code, type });
    }
    await expect(client.command({ query: 'SELECT 1; SELECT 2' })).rejects.toMatchObject({ code: '62' });
    const stranger = createClient({ url: under.engine.url, password: 'wrong', log: quiet });
    await expect(stranger.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' });
    await stranger.close();
  });

  test('gets an error in the middle of a stream as a typed error', async () => {
    const query =
      'SELECT throwIf(number = 900000) AS x FROM numbers(1000000) SETTINGS max_block_size = 10000';
    const result = await client.query({ query, format: 'JSONEachRow' });
    const read = (async () => {
      let count = 0;
      for await (const batch of result.stream()) count += batch.length;
      return count;
    })();
    await expect(read).rejects.toMatchObject({ code: '395' });
  }, 30_000);

  test('echoes the query id and answers 64-bit settings and http settings', async () => {
    const result = await client.query({
      query: 'SELECT toUInt64(1) AS n',
      query_id: 'my-id',
      format: 'JSONEachRow',
      clickhouse_settings: {
        output_format_json_quote_64bit_integers: 1,
        wait_end_of_query: 1,
        http_headers_progress_interval_ms: '100',
      },
    });
    expect(result.query_id).toBe('my-id');
    expect(result.response_headers['x-clickhouse-query-id']).toBe('my-id');
    expect(await result.json()).toEqual([{ n: '1' }]);
    expect(await rows('SELECT toUInt64(1) AS n')).toEqual([{ n: 1 }]);
  });

  /** How many queries without end are running. */
  const endless = async () =>
    (
      await rows<{ n: number }>(
        "SELECT count() AS n FROM system.processes WHERE query LIKE '%AS endless%' AND query NOT LIKE '%processes%'",
      )
    )[0]?.n;

  test('an abort stops the query in the engine, and the next request does not wait for it', async () => {
    const controller = new AbortController();
    const running = client.query({
      query: 'SELECT sum(sipHash64(number)) AS endless FROM numbers(1000000000000)',
      abort_signal: controller.signal,
    });
    await eventually(async () => expect(await endless()).toBe(1));
    controller.abort();
    await expect(running).rejects.toThrow();
    await eventually(async () => expect(await endless()).toBe(0));
  }, 60_000);

  test('twenty parameterised queries at once get their own answers', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        rows<{ v: string }>('SELECT {v:String} AS v, sleep(0.05)', { v: `v${i}` }),
      ),
    );
    expect(answers.map((a) => a[0]?.v)).toEqual(Array.from({ length: 20 }, (_, i) => `v${i}`));
  }, 60_000);

  test('a session keeps its temporary tables and SETs, but not the settings and parameters of a request', async () => {
    const session_id = `s-${transport.compression?.request}`;
    await client.command({ query: 'CREATE TEMPORARY TABLE mine (a UInt8)', session_id });
    await client.insert({ table: 'mine', values: [{ a: 1 }], format: 'JSONEachRow', session_id } as never);
    const ask = async (query: string, more: object = {}) =>
      (await client.query({ query, session_id, format: 'JSONCompactEachRow', ...more })).json<unknown[]>();
    expect(await ask('SELECT a FROM mine')).toEqual([[1]]);
    await client.command({ query: 'SET max_threads = 3', session_id });
    const threads = "SELECT getSetting('max_threads'), getSetting('max_block_size')";
    expect(await ask(threads, { clickhouse_settings: { max_threads: 1, max_block_size: '77' } })).toEqual([
      [1, 77],
    ]);
    expect(await ask(threads)).toEqual([[3, 65409]]);
    expect(await ask('SELECT {p:String}', { query_params: { p: 'x' } })).toEqual([['x']]);
    await expect(ask('SELECT {p:String}')).rejects.toMatchObject({ code: '456' });
    await expect(client.query({ query: 'SELECT * FROM mine' }).then((r) => r.text())).rejects.toMatchObject({
      code: '60',
    });
  });

  test('a session that a request has is locked for others until that is over', async () => {
    const session_id = `locked-${transport.compression?.request}`;
    const controller = new AbortController();
    const running = client.query({
      ...{ query: 'SELECT sum(sipHash64(number)) AS endless FROM numbers(1000000000000)', session_id },
      abort_signal: controller.signal,
    });
    await eventually(async () => expect(await endless()).toBe(1));
    const ask = () => client.query({ query: 'SELECT 1', session_id }).then((result) => result.text());
    await expect(ask()).rejects.toMatchObject({ code: '373' });
    controller.abort();
    await expect(running).rejects.toThrow();
    await eventually(async () => expect(await ask()).toContain('1'));
  });
});
