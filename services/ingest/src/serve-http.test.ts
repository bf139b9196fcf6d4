import { createHash } from 'node:crypto';
import { aHeartbeat, anEvent } from '@tripkey/contract/testing';
import { ConfigError, Metrics, readConfig, systemClock } from '@tripkey/service-kit';
import { silentLogger } from '@tripkey/service-kit/testing';
import { expect, test } from 'vitest';
import { IngestConfig } from './config.ts';
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

test('a door that would let nobody in is a mistake in the configuration', () => {
  expect(() => readConfig(IngestConfig, environment)).toThrow(ConfigError);
  expect(
    readConfig(IngestConfig, { ...environment, TRIPKEY_HTTP__PORT: undefined }).http.port,
  ).toBeUndefined();
});
