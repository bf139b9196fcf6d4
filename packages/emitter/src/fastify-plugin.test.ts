import { eventually } from '@tripkey/service-kit/testing';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { createEmitter, type Emitter } from './create-emitter.ts';
import type { EmittedEvent } from './event.ts';
import { type FastifyObserveOptions, fastifyPlugin } from './fastify-plugin.ts';

let app: FastifyInstance;
let emitter: Emitter;
const events: EmittedEvent[] = [];

async function serve(
  options: Partial<FastifyObserveOptions<FastifyRequest, FastifyReply>> = {},
): Promise<string> {
  events.length = 0;
  const send = async (batch: readonly EmittedEvent[]) => {
    events.push(...batch);
    return undefined;
  };
  emitter = createEmitter({ transport: { send }, gateway: 'app-1', flushMs: 1 });
  app = fastify();
  app.register(fastifyPlugin<FastifyRequest, FastifyReply>(emitter, { keyId: () => 'key_1', ...options }));
  // As in life, routes are in plugins of their own.
  app.register(
    async (routes) => {
      routes.post('/leads/:id', async (_, reply) => reply.code(201).send('hällo'));
      routes.get('/leads', async () => ({ leads: [] }));
      routes.get('/slow', (_, reply) => void reply.hijack());
    },
    { prefix: '/v1' },
  );
  return await app.listen({ port: 0, host: '127.0.0.1' });
}

afterEach(async () => {
  app.server.closeAllConnections();
  await app.close();
  await emitter.close();
});

const emitted = () => eventually(() => expect(events).toHaveLength(1));

test('a request becomes one event with its template, its sizes, its time and its address', async () => {
  const url = await serve();
  await fetch(`${url}/v1/leads/7?email=x`, {
    method: 'POST',
    body: 'abc',
    headers: { 'user-agent': 'crm/1', 'content-type': 'text/plain' },
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

test('what was sent as a key that nobody knows does not appear, nor does a route that does not exist', async () => {
  const url = await serve({ keyId: () => undefined });
  await fetch(`${url}/nowhere`, { headers: { authorization: 'Bearer a-secret-of-somebody' } });
  await emitted();
  expect(events[0]).toMatchObject({ key_id: 'unknown', status: 404, path: '/nowhere' });
  expect(events[0]?.route).toBeUndefined();
  expect(JSON.stringify(events)).not.toContain('a-secret-of-somebody');
});

test('a caller that hangs up before the answer is told as 499', async () => {
  const url = await serve();
  const abort = new AbortController();
  app.server.once('request', () => abort.abort());
  await fetch(`${url}/v1/slow`, { signal: abort.signal }).catch(() => {});
  await emitted();
  expect(events[0]).toMatchObject({ status: 499, route: '/v1/slow' });
});

test('requests that are skipped are not told of', async () => {
  const url = await serve({ skip: ({ originalUrl }) => originalUrl === '/livez' });
  await (await fetch(`${url}/livez`)).text();
  await (await fetch(`${url}/v1/leads`)).text();
  await emitted();
  expect(events[0]).toMatchObject({ gateway_seq: 1, route: '/v1/leads' });
});

test('an option that throws costs its event, not the request', async () => {
  const url = await serve({
    more: () => {
      throw new Error('no account');
    },
  });
  expect(await (await fetch(`${url}/v1/leads`)).json()).toEqual({ leads: [] });
  await eventually(() => expect(emitter.stats().dropped.invalid).toBe(1));
});
