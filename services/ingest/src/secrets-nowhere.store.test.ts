import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { topics } from '@tripkey/contract';
import { type Logger, Metrics, systemClock } from '@tripkey/service-kit';
import { eventually } from '@tripkey/service-kit/testing';
import { migrate, openStore, type Store } from '@tripkey/store';
import { InMemoryBroker } from '@tripkey/stream/memory';
import { clickHouseConfig } from '@tripkey/test/harness';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FormatName, formatHeader } from './formats/read-format.ts';
import { ingest } from './ingest.ts';
import { createLeakFindings } from './leak-findings.ts';
import { aPipeline } from './testing/index.ts';
import { aSecretOf, secretFormNames } from './testing/secret-samples.ts';

const fixtureNames = [
  'kong',
  'apisix',
  'tyk',
  'envoy',
  'traefik',
  'nginx',
  'aws-api-gateway',
  'otel',
  'cloud-event',
];
const fixtures: Record<string, object> = Object.fromEntries(
  fixtureNames.map((name) => {
    const url = new URL(`formats/fixtures/${name}.json`, import.meta.url);
    return [name, JSON.parse(readFileSync(fileURLToPath(url), 'utf8'))];
  }),
);
fixtures.native = {
  ts: 0,
  key_id: 'k',
  method: 'GET',
  status: 200,
  path: '/x',
  route: '/x',
  user_agent: 'x',
};

/** The same, with a secret in or in place of every text, below every name. */
function withSecrets(value: unknown, secret: string, asWhole: boolean): unknown {
  if (typeof value === 'string') return asWhole ? secret : `${value} ${secret}`;
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, secret, asWhole));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, item]) => [name, withSecrets(item, secret, asWhole)]);
  return {
    ...Object.fromEntries(fields),
    'x-api-key': secret,
    headers: { authorization: secret },
    api_key: secret,
  };
}

/** One text at a time is spoilt, so that the others still make an event of it. */
function* spoiltOneByOne(fixture: object, secret: string): Generator<object> {
  for (const [name, value] of Object.entries(fixture)) {
    if (typeof value === 'number') continue;
    yield { ...fixture, [name]: withSecrets(value, secret, false) };
    yield { ...fixture, [name]: withSecrets(value, secret, true) };
  }
}

/** A secret that was cut is one still. */
function pieces(secret: string): string[] {
  const middle = secret.length >> 1;
  return [secret.slice(0, 12), secret.slice(middle - 6, middle + 6), secret.slice(-12)];
}

/** Everything in every table of the database. */
async function dump(store: Store): Promise<string> {
  const query = async (sql: string) =>
    await (await store.client.query({ query: sql, format: 'TabSeparatedRaw' })).text();
  const tables = (await query(`SELECT name FROM system.tables WHERE database = '${store.database}'`)).split(
    '\n',
  );
  const dumps = await Promise.all(tables.filter(Boolean).map((name) => query(`SELECT * FROM ${name}`)));
  return dumps.join('\n');
}

test('no secret of any well-known form, in any field of any gateway, is written anywhere', async () => {
  const config = clickHouseConfig();
  await migrate(config);
  await using store = openStore(config);
  const broker = new InMemoryBroker();
  const topicsUsed = [topics.requests, topics.deadLetters, topics.findings];
  await broker.ensureTopics(topicsUsed.map((topic) => ({ topic, partitions: 1 })));
  const lines: string[] = [];
  const write = (fields: object, message: string) =>
    void lines.push(
      `${message} ${JSON.stringify(fields, (_, v) => (v instanceof Error ? v.stack : typeof v === 'bigint' ? `${v}` : v))}`,
    );
  const log: Logger = { debug: write, info: write, warn: write, error: write, child: () => log };
  const metrics = new Metrics();
  const clock = systemClock;
  const leaks = createLeakFindings({
    store,
    findings: broker.sink(topics.findings),
    clock,
    log,
    everyMs: 100,
  });

  const secrets = secretFormNames.flatMap((name) => fc.sample(aSecretOf(name), { numRuns: 2, seed: 42 }));
  const messages = secrets.flatMap(({ text }, i) =>
    Object.entries(fixtures).flatMap(([name, fixture]) => {
      const timed = name === 'native' ? { ...fixture, ts: Date.now() } : fixture;
      const element = [...spoiltOneByOne(timed, text)];
      const whole = JSON.stringify([...element, withSecrets(timed, text, i % 2 === 0)]);
      // Cut in the middle as well: what is no JSON is written down as text.
      return [whole, whole.slice(0, -2), `${text}${whole}`].map((value) => ({
        value,
        headers: { ce_test: text, [formatHeader]: i % 3 === 0 ? 'native' : 'any' } as Record<string, string>,
      }));
    }),
  );

  const stop = new AbortController();
  const format: FormatName = 'auto';
  const running = Promise.all([
    leaks.run(stop.signal),
    ingest(
      {
        topic: topics.requests,
        source: broker.source(topics.requests, 'group'),
        deadLetters: broker.sink(topics.deadLetters),
        store,
        pipeline: aPipeline({ metrics, onLeak: leaks.note, format, ageDaysMax: 4_000 }),
        clock,
        log,
        metrics,
        rejects: { ratioMax: 1, consecutiveMax: 1e9 },
      },
      stop.signal,
    ),
  ]);
  await broker.sink(topics.requests).send(messages);
  const expected = messages.length;
  const placesSql = `SELECT uniqExact(_offset) AS n FROM
    (SELECT _offset FROM requests_raw_v1 UNION ALL SELECT _offset FROM dead_letters_v1)`;
  await eventually(async () => {
    const result = await store.client.query({ query: placesSql, format: 'JSONEachRow' });
    expect(Number(((await result.json()) as { n: number }[])[0]!.n)).toBe(expected);
  });
  stop.abort();
  await running;

  const letters: string[] = [];
  const over = new AbortController();
  const lettersWritten = (await metrics.text()).includes('tripkey_deadletter_total');
  expect(lettersWritten).toBe(true);
  await Promise.all(
    [topics.deadLetters, topics.findings].map((topic) =>
      broker.source(topic, 'reader').run(
        {
          assigned: async () => {},
          records: async (_lease, _partition, records) => {
            for (const { key, value } of records) letters.push(`${key} ${value}`);
            if (topic === topics.deadLetters) over.abort();
          },
        },
        over.signal,
      ),
    ),
  );
  const written = {
    tables: await dump(store),
    logs: lines.join('\n'),
    metrics: await metrics.text(),
    letters: letters.join('\n'),
  };
  expect(written.tables.length).toBeGreaterThan(100_000);
  for (const [where, text] of Object.entries(written)) {
    const found = secrets.filter(({ secretPart }) =>
      pieces(secretPart).some((piece) => text.includes(piece)),
    );
    expect(found, where).toEqual([]);
  }
  expect(written.tables).toContain('gateway-leaks-secret');
});
