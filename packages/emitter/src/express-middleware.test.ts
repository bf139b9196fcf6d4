import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@tripkey/service-kit/testing';
import { afterEach, expect, test } from 'vitest';
import { createEmitter, type Emitter } from './create-emitter.ts';
import type { EmittedEvent } from './event.ts';
import { expressMiddleware, type ObservedRequest, type ObserveOptions } from './express-middleware.ts';

let server: Server;
let emitter: Emitter;
const events: EmittedEvent[] = [];

async function serve(
  answer: RequestListener,
  options: Partial<ObserveOptions<ObservedRequest, ServerResponse>> = {},
): Promise<string> {
  events.length = 0;
  const send = async (batch: readonly EmittedEvent[]) => {
    events.push(...batch);
    return undefined;
  };
  emitter = createEmitter({ transport: { send }, gateway: 'app-1', flushMs: 1 });
  const middleware = expressMiddleware(emitter, { keyId: () => 'key_1', ...options });
  server = createServer((request, response) => {
    middleware(request, response, () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await emitter.close();
});

const emitted = () => eventually(() => expect(events).toHaveLength(1));

test('a request becomes one event with its sizes, its time and its address', async () => {
  const url = await serve((request, response) => {
    Object.assign(request, { baseUrl: '/v1', route: { path: '/leads/:id' } });
    response.writeHead(201).write('häl');
    response.end('lo');
  });
  await fetch(`${url}/v1/leads/7?email=x`, {
    method: 'POST',
    body: 'abc',
    headers: { 'user-agent': 'crm/1' },
  });
  await emitted();
  expect(events[0]).toMatchObject({
    key_id: 'key_1',
    method: 'POST',
    route: '/v1/leads/{id}',
    path: '/v1/leads/7',
    status: 201,
    bytes_in: 3,
    bytes_out: 6,
    client_ip: '127.0.0.1',
    user_agent: 'crm/1',
    latency_ms: expect.any(Number),
  });
});

test('what was sent as a key that nobody knows does not appear', async () => {
  const url = await serve((_, response) => response.writeHead(401).end(), { keyId: () => undefined });
  await fetch(url, { headers: { authorization: 'Bearer a-secret-of-somebody' } });
  await emitted();
  expect(events[0]).toMatchObject({ key_id: 'unknown', status: 401 });
  expect(JSON.stringify(events)).not.toContain('a-secret-of-somebody');
});

test('a caller that hangs up before the answer is told as 499', async () => {
  const abort = new AbortController();
  const url = await serve(() => abort.abort());
  await fetch(url, { signal: abort.signal }).catch(() => {});
  await emitted();
  expect(events[0]?.status).toBe(499);
});

test('an answer to HEAD has no body to count', async () => {
  const url = await serve((_, response) => response.end('never sent'));
  await fetch(url, { method: 'HEAD' });
  await emitted();
  expect(events[0]).toMatchObject({ method: 'HEAD', bytes_out: 0 });
});

test('requests that are skipped are not told of', async () => {
  const url = await serve((_, response) => response.end('fine'), {
    skip: ({ url: path }) => path === '/livez',
  });
  await (await fetch(`${url}/livez`)).text();
  await (await fetch(`${url}/v1/leads`)).text();
  await emitted();
  expect(events[0]?.gateway_seq).toBe(1);
});

test('an option that throws costs its event, not the request', async () => {
  const url = await serve((_, response) => response.end('fine'), {
    more: (request) => {
      throw new Error(`no account for ${request.url}`);
    },
  });
  expect(await (await fetch(url)).text()).toBe('fine');
  await eventually(() => expect(emitter.stats().dropped.invalid).toBe(1));
});
