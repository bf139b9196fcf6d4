import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { defineQuestion } from './question.ts';
import { ClickHouseConfig, openStore, type Store } from './store.ts';

const one = defineQuestion({
  ...{ name: 'test-one', sql: 'SELECT 1 AS n', params: z.object({}) },
  row: z.object({ n: z.number() }),
});
let stack: AsyncDisposableStack | undefined;
afterEach(() => stack?.disposeAsync());

/** A store on a server that hangs up as often as is said before it answers, and how many requests came. */
async function hangingUp(times: number): Promise<{
  store: Store;
  requests: () => number;
  tokens: (string | null)[];
}> {
  stack = new AsyncDisposableStack();
  let requests = 0;
  const tokens: (string | null)[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    tokens.push(new URL(request.url ?? '/', 'http://store').searchParams.get('insert_deduplication_token'));
    if (requests++ < times) request.socket.destroy();
    else response.end('{"n":1}\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const store = stack.use(openStore(ClickHouseConfig.parse({ url: `http://127.0.0.1:${port}` })));
  return { store, requests: () => requests, tokens };
}

test('a question whose connection ends before its answer is asked once more', async () => {
  const { store, requests } = await hangingUp(1);
  expect(await store.ask(one, {})).toEqual([{ n: 1 }]);
  expect(requests()).toBe(2);
});

test('and not again and again', async () => {
  const { store, requests } = await hangingUp(9);
  await expect(store.ask(one, {})).rejects.toThrow(/hang up|ECONNRESET/);
  expect(requests()).toBe(2);
});

test('rows whose connection ends before the answer are sent once more, with the token that makes them the same', async () => {
  const { store, requests, tokens } = await hangingUp(1);
  await store.insert('profiles_v2', [{ subject: 'key:1' }], 'token-1');
  expect(requests()).toBe(2);
  expect(tokens).toEqual(['token-1', 'token-1']);
});
