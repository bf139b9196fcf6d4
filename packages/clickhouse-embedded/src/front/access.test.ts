import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anEngine, type EngineUnderTest } from '../testing/engine-under-test.ts';

let under: EngineUnderTest;
beforeAll(async () => {
  under = await anEngine({ password: 'made-up' });
}, 60_000);
afterAll(() => under[Symbol.asyncDispose](), 60_000);

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['basic authentication', {}, basic('default:made-up')],
  ['headers', {}, { 'x-clickhouse-user': 'default', 'x-clickhouse-key': 'made-up' }],
  ['the URL', { user: 'default', password: 'made-up' }, {}],
])('a password is taken from %s', async (_, url, headers) => {
  expect((await under.post('SELECT 1', url, headers)).text).toBe('1\n');
});

test.each<[string, Record<string, string>]>([
  ['no password', {}],
  ['a wrong one', basic('default:other')],
  ['an unknown user', basic('nobody:')],
  ['a name that every object has', basic('constructor:')],
])("%s is refused with ClickHouse's code", async (_, headers) => {
  const answer = await under.post('SELECT 1', {}, headers);
  expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([403, '516']);
});

test('web pages are kept out, by any sign of them', async () => {
  const ask = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(under.engine.url, {
        method: 'POST',
        headers: { ...basic('default:made-up'), ...headers },
      });
      sent.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
      sent.end('SELECT 1');
    });
  expect(await ask({})).toBe(200);
  expect(await ask({ origin: 'https://evil.example' })).toBe(403);
  expect(await ask({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await ask({ host: 'rebound.example:80' })).toBe(403);
});

test('/ping answers anybody, the status only who has the password', async () => {
  const get = (path: string, headers = {}) => fetch(`${under.engine.url}${path}`, { headers });
  expect(await (await get('/ping')).text()).toBe('Ok.\n');
  expect((await get('/tripkey/status')).status).toBe(403);
  expect((await get('/tripkey/status', basic('default:made-up'))).status).toBe(200);
  expect((await get('/elsewhere', basic('default:made-up'))).status).toBe(404);
});

test('GET reads and never writes', async () => {
  const get = (query: string) =>
    fetch(`${under.engine.url}/?${new URLSearchParams({ query })}`, { headers: basic('default:made-up') });
  expect(await (await get('SELECT 1')).text()).toBe('1\n');
  expect((await get('CREATE TABLE x (a UInt8) ENGINE = Memory')).status).toBe(403);
  expect((await get('INSERT INTO x VALUES (1)')).status).toBe(403);
});

test('the database "default" of clients is tripkey, and the engine\'s own holds nothing and takes nothing', async () => {
  const ask = (sql: string, url = {}) => under.post(sql, url, basic('default:made-up'));
  expect((await ask('SELECT currentDatabase()', { database: 'default' })).text).toBe('tripkey\n');
  expect((await ask('SELECT currentDatabase()', { database: 'system' })).text).toBe('system\n');
  expect((await ask('SELECT 1', { database: 'nodb' })).status).toBe(404);
  expect((await ask('SELECT * FROM default.`/etc/passwd`')).status).toBe(404);
  expect(
    (await ask('CREATE TABLE default.x (a UInt8) ENGINE = MergeTree ORDER BY a')).status,
  ).toBeGreaterThanOrEqual(400);
  expect((await ask('CREATE TABLE default.x (a UInt8) ENGINE = Memory')).status).toBeGreaterThanOrEqual(400);
});
