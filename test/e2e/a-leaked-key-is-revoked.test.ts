import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlertingConfig, alerter, noNotifier, onStore, openLeaks, ProofSettings } from '@tripkey/alerter';
import { topics } from '@tripkey/contract';
import { createEmitter } from '@tripkey/emitter';
import { createEnricher, createPipeline, importKeys, ingest, openIpDatabase } from '@tripkey/ingest';
import { startIssuerSandbox } from '@tripkey/issuer-sandbox';
import { openGenericIssuer } from '@tripkey/issuers/generic';
import { ruleGroups } from '@tripkey/rules';
import { Metrics, systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import { KeyRegistry, migrate, openStore } from '@tripkey/store';
import { InMemoryBroker } from '@tripkey/stream/memory';
import express from 'express';
import { expect, test } from 'vitest';
import { clickHouseConfig } from '../harness/index.ts';

const log = silentLogger;
const clock = systemClock;
const pepper = 'pepper of the e2e test';
const issuerToken = 'issuer-token-of-the-test';

test('a leaked key that GitHub reports is disabled at its issuer, and proven stopped', async () => {
  await using opened = new AsyncDisposableStack();
  const stop = new AbortController();
  const config = clickHouseConfig();
  await migrate(config);
  const store = opened.use(openStore(config));
  const broker = opened.use(new InMemoryBroker());
  await broker.ensureTopics(
    [topics.requests, topics.deadLetters, topics.findings].map((topic) => ({ topic, partitions: 1 })),
  );
  const emitter = createEmitter({
    gateway: 'edge-1',
    flushMs: 50,
    transport: {
      async send(events) {
        await broker.sink(topics.requests).send([{ key: 'edge-1', value: JSON.stringify(events) }]);
        return { refused: 0 };
      },
    },
  });
  opened.defer(async () => void (await emitter.close()));
  const sandbox = opened.use(
    await startIssuerSandbox({
      ...{ port: 0, adminToken: 'admin-token-of-the-test', issuerToken, keyCacheTtlMs: 200, emitter, log },
    }),
  );
  const { record, secret } = await sandbox.createKey({
    ...{ keyId: 'key_leaked', name: 'CRM sync', accountId: 'acct_bluebird', appId: 'app_crm' },
    ...{ owner: 'crm@bluebird.example', scopes: ['read:leads'] },
  });
  const call = async () => {
    const answer = await fetch(`${sandbox.url}/v1/leads`, { headers: { authorization: `Bearer ${secret}` } });
    await answer.arrayBuffer();
    return answer.status;
  };

  await importKeys(store, [record], 1, pepper);
  const keys = new KeyRegistry();
  await keys.refresh(store);
  const shared = { store, clock, log, metrics: new Metrics() };
  const running = [
    ingest(
      {
        ...shared,
        topic: topics.requests,
        source: broker.source(topics.requests, 'ingest'),
        deadLetters: broker.sink(topics.deadLetters),
        pipeline: createPipeline({
          ...{ enrich: createEnricher(openIpDatabase([])), registry: keys, pepper, metrics: shared.metrics },
        }),
        batch: { rowsMax: 1_000, bytesMax: 1_000_000, ageMsMax: 100 },
      },
      stop.signal,
    ),
  ];
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyIdentifier = 'f9525bf080f75b3506ca1ead061add62b8633a346606dc5fe544e29231c6ee0d';
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const alerting = AlertingConfig.parse({
    leaks: { github: { enabled: true, publicKeys: { [keyIdentifier]: pem } } },
    response: { rules: [{ name: 'leaked', rules: ['leak-reported'], severityMin: 'critical', mode: 'act' }] },
  });
  const parts = onStore(store);
  const leaks = openLeaks(alerting, {
    ...{ ...shared, pepper, secrets: parts.secrets, findings: broker.sink(topics.findings) },
  })!;
  running.push(
    alerter(
      {
        ...{ ...shared, ...parts, notifier: noNotifier, incidents: { groups: ruleGroups } },
        findings: broker.source(topics.findings, 'alerter'),
        issuers: new Map([
          ['sandbox', openGenericIssuer({ name: 'sandbox', url: sandbox.url, token: issuerToken })],
        ]),
        policy: alerting.response,
        proof: ProofSettings.parse({ windowMs: 1_000 }),
      },
      stop.signal,
    ),
  );
  const door = createServer(express().use(leaks.router));
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  opened.defer(() => void door.close());
  opened.defer(async () => {
    stop.abort();
    await Promise.all(running);
  });
  expect(await call()).toBe(200);

  const body = JSON.stringify([
    { token: secret, type: 'tk_demo', url: 'https://github.com/octo/x', source: 'content' },
  ]);
  const answer = await fetch(`http://127.0.0.1:${(door.address() as AddressInfo).port}/leaks/github`, {
    method: 'POST',
    headers: {
      'Github-Public-Key-Identifier': keyIdentifier,
      'Github-Public-Key-Signature': sign('sha256', Buffer.from(body), privateKey).toString('base64'),
    },
    body,
  });
  expect(await answer.json()).toMatchObject([{ token_type: 'tk_demo', label: 'true_positive' }]);

  const events = () =>
    store.client.query({ query: 'SELECT * FROM incident_events_v1', format: 'JSONEachRow' });
  await eventually(async () => {
    await call();
    expect(await (await events()).text()).toContain('operation_traffic_confirmed');
  }, 90_000);
  expect(await call()).toBe(401);
  expect(sandbox.listKeys()).toMatchObject([{ key_id: 'key_leaked', status: 'disabled' }]);
  const kept = await Promise.all(
    ['incident_events_v1', 'findings_v1', 'leak_reports_v1', 'keys_v1', 'audit_v1', 'requests_raw_v1'].map(
      async (table) =>
        (await store.client.query({ query: `SELECT * FROM ${table}`, format: 'JSONEachRow' })).text(),
    ),
  );
  expect(kept.join()).not.toContain(secret);
});
