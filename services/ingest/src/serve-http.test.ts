import { createHash } from 'node:crypto';
import type { Scope } from '@tripkey/contract/api';
import { aHeartbeat, anEvent } from '@tripkey/contract/testing';
import { Metrics, readConfig, systemClock } from '@tripkey/service-kit';
import { ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import { TokenBook } from '@tripkey/store';
import { expect, test } from 'vitest';
import { acceptTokensAnd } from './accept-tokens.ts';
import { IngestConfig } from './config.ts';
import { StoreUnavailableError } from './group-commit.ts';
import { serveHttp } from './serve-http.ts';
import { aHeartbeatReader, aPipeline, positions, RecordingStore } from './testing/index.ts';

const environment = { TRIPKEY_PIPELINE__PEPPER: 'a pepper for tests only', TRIPKEY_HTTP__PORT: '0' };

test('events and heartbeats come in by HTTP, with any of the tokens, as the instance that the door is of', async () => {
  const { http } = readConfig(IngestConfig, {
    ...environment,
    TRIPKEY_HTTP__HOST: '127.0.0.1',
    TRIPKEY_HTTP__EMIT_TOKEN: 'the-token-of-a-file',
    TRIPKEY_HTTP__EMIT_TOKEN_HASHES: createHash('sha256').update('another-token').digest('hex'),
    TRIPKEY_HTTP__PARTITION: '3',
  });
  const store = new RecordingStore();
  const parts = {
    store,
    pipeline: aPipeline(),
    heartbeats: aHeartbeatReader(),
    heartbeatLingerMs: 1,
    clock: systemClock,
    log: silentLogger,
    metrics: new Metrics(),
  };
  const stop = new AbortController();
  await using door = await serveHttp({ ...http, port: 0 }, parts);
  const running = door.run(stop.signal);
  const post = (token: string, path = 'events', body: unknown = anEvent({ ts: Date.now() })) =>
    fetch(`http://127.0.0.1:${door.port}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const answers = [];
  for (const token of ['the-token-of-a-file', 'another-token', 'nobody-s-token']) {
    answers.push((await post(token)).status);
  }
  expect(answers).toEqual([202, 202, 401]);
  expect(positions(store)).toEqual([expect.stringMatching(/^3\//), expect.stringMatching(/^3\//)]);
  expect((await post('another-token', 'heartbeats', aHeartbeat())).status).toBe(202);
  expect(store.rows('gateway_heartbeats_v1')).toMatchObject([{ gateway: 'edge-1' }]);
  stop.abort();
  await running;
  await expect(post('another-token')).rejects.toThrow();
});

test('a token that was made with the scope emit is let in until it is revoked, another is not', async () => {
  const store = new RecordingStore();
  const clock = new ManualClock(Date.now());
  const book = new TokenBook({ store, clock, log: silentLogger });
  const make = (scopes: Scope[]) => book.create({ name: 'edge', scopes, by: 'test', expiresAt: null });
  const emit = await make(['emit']);
  const read = await make(['read']);
  const accepts = acceptTokensAnd([], new TokenBook({ store, clock, log: silentLogger }));
  expect(await Promise.all([accepts(emit.secret), accepts(read.secret), accepts('made up')])).toEqual([
    true,
    false,
    false,
  ]);
  const used = store.rows('api_token_use_v1').map(({ token_id }) => token_id);
  expect(used).toContain(emit.token.token_id);
  await book.revoke(emit.token.token_id);
  await clock.advance(6_000);
  expect(await accepts(emit.secret)).toBe(false);
  await clock.advance(6_000);
  store.down = true;
  await expect(accepts(read.secret)).rejects.toThrow(StoreUnavailableError);
});
