import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { InteractionReply } from './slack-interactions.ts';
import { runSocketMode } from './socket-mode.ts';

/** Slack's end of Socket Mode: hands out an address and talks on it. */
let server: ReturnType<typeof createServer>;
let sockets: WebSocketServer;
let open: WebSocket[];
let answered: { envelope_id: string; payload: object }[];
/** How often an address was asked for, and what the next askers get instead. */
let asked: string[];
let refusals: number[];
let handled: unknown[];
let reply: () => Promise<InteractionReply>;
const stop = { controller: new AbortController() };
let running: Promise<void>;

beforeEach(async () => {
  [open, answered, asked, refusals, handled] = [[], [], [], [], []];
  reply = async () => ({ status: 200 });
  server = createServer((request, response) => {
    asked.push(String(request.headers.authorization));
    request.resume();
    const status = refusals.shift();
    if (status) return void response.writeHead(status).end();
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link`;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, url }));
  });
  sockets = new WebSocketServer({ server, path: '/link' });
  sockets.on('connection', (socket) => {
    open.push(socket);
    socket.on('message', (data) => answered.push(JSON.parse(String(data))));
    socket.send(JSON.stringify({ type: 'hello' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  stop.controller.abort();
  for (const socket of open) socket.terminate();
  await running;
  sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function start(connections = 1): void {
  stop.controller = new AbortController();
  const interactions = {
    handle: async (body: unknown) => {
      handled.push(body);
      return reply();
    },
  };
  running = runSocketMode(
    {
      ...{ appToken: 'xapp-test', timeoutMs: 2_000, connections, interactions },
      ...{ clock: systemClock, log: silentLogger },
      apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    },
    stop.controller.signal,
  );
}
const click = (id: string, payload: object) =>
  open.at(-1)!.send(JSON.stringify({ type: 'interactive', envelope_id: id, payload }));

describe('clicks by Socket Mode', () => {
  test('reach the same handler and are acknowledged by their envelope, with what a modal is answered', async () => {
    start();
    await eventually(() => expect(open).toHaveLength(1));
    click('envelope-1', { type: 'block_actions' });
    await eventually(() => expect(answered).toEqual([{ envelope_id: 'envelope-1', payload: {} }]));
    reply = async () => ({ status: 200, body: { response_action: 'clear' } });
    click('envelope-2', { type: 'view_submission' });
    await eventually(() => expect(answered).toHaveLength(2));
    expect(answered[1]).toEqual({ envelope_id: 'envelope-2', payload: { response_action: 'clear' } });
    expect(handled).toEqual([{ type: 'block_actions' }, { type: 'view_submission' }]);
    expect(asked).toEqual(['Bearer xapp-test']);
  });

  test('that cannot be taken are not acknowledged', async () => {
    start();
    await eventually(() => expect(open).toHaveLength(1));
    reply = async () => Promise.reject(new Error('the store is away'));
    click('envelope-1', {});
    await eventually(() => expect(handled).toHaveLength(1));
    reply = async () => ({ status: 200 });
    click('envelope-2', {});
    await eventually(() => expect(answered.map(({ envelope_id }) => envelope_id)).toEqual(['envelope-2']));
  });

  test('come again after Slack has renewed the connection and could not be reached for a moment', async () => {
    start();
    await eventually(() => expect(open).toHaveLength(1));
    refusals.push(503);
    open[0]!.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
    await eventually(() => expect(open).toHaveLength(2));
    click('envelope-1', {});
    await eventually(() => expect(answered).toHaveLength(1));
    expect(asked).toHaveLength(3);
  });

  test('come by several connections at once', async () => {
    start(3);
    await eventually(() => expect(open).toHaveLength(3));
  });
});
