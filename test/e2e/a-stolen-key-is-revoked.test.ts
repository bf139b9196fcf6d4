import { alerter, onStore, openSlack, ProofSettings, ResponsePolicy } from '@tripkey/alerter';
import { type RequestEvent, topics } from '@tripkey/contract';
import { detector } from '@tripkey/detector';
import { createEmitter } from '@tripkey/emitter';
import {
  createEnricher,
  createPipeline,
  importKeys,
  ingest,
  openIpDatabase,
  storeHistory,
} from '@tripkey/ingest';
import { startIssuerSandbox } from '@tripkey/issuer-sandbox';
import { openGenericIssuer } from '@tripkey/issuers/generic';
import { ruleGroups } from '@tripkey/rules';
import { Metrics, systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import { KeyRegistry, migrate, openStore } from '@tripkey/store';
import { openKafka } from '@tripkey/stream/kafka';
import { createEmulator } from 'emulate';
import { expect, test } from 'vitest';
import { clickHouseConfig, describeWithKafka, kafkaBrokers } from '../harness/index.ts';

const log = silentLogger;
const clock = systemClock;
const dayMs = 86_400_000;
const issuerToken = 'issuer-token-of-the-test';
const owner = { address: '203.0.113.21', agent: 'crm-sync/4.2' };
const thief = { address: '198.51.100.77', agent: 'python-requests/2.32.3' };

/** Ten days in which the key's owner reads leads every five minutes or so. */
function* quietHistory(until: number): Generator<RequestEvent> {
  for (let at = until - 10 * dayMs, turn = 0; at < until; at += 300_000 + (turn % 7) * 10_000, turn++) {
    yield {
      event_id: `history-${turn}`,
      ts: at,
      key_id: 'key_crm_sync',
      account_id: 'acct_bluebird',
      app_id: 'app_crm',
      method: 'GET',
      route: '/v1/leads',
      path: '/v1/leads',
      status: 200,
      client_ip: owner.address,
      user_agent: owner.agent,
      bytes_out: 2_000,
    };
  }
}

describeWithKafka('through real Kafka, ClickHouse, an HTTP issuer and a local Slack', () => {
  test('a stolen key is found, told of once, disabled, and proven stopped', async () => {
    await using opened = new AsyncDisposableStack();
    const stop = new AbortController();
    const config = clickHouseConfig();
    await migrate(config);
    const store = opened.use(openStore(config));
    const broker = opened.use(await openKafka({ brokers: kafkaBrokers(), clientId: 'e2e', waitMsMax: 100 }));
    await broker.ensureTopics([
      { topic: topics.requests, partitions: 3 },
      { topic: topics.deadLetters, partitions: 1 },
      { topic: topics.findings, partitions: 1 },
    ]);
    const slack = await createEmulator({
      service: 'slack',
      port: 0,
      seed: { slack: { team: { name: 'Bluebird', domain: 'bluebird' }, channels: [{ name: 'sec-alerts' }] } },
    });
    opened.defer(() => slack.close());

    // The gateway: a real issuer with an API behind it, its events going to Kafka.
    const emitter = createEmitter({
      gateway: 'edge-1',
      flushMs: 100,
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
        port: 0,
        adminToken: 'admin-token-of-the-test',
        issuerToken,
        keyCacheTtlMs: 500,
        trustForwardedFor: true,
        emitter,
        log,
      }),
    );
    const { record, secret } = await sandbox.createKey({
      keyId: 'key_crm_sync',
      name: 'CRM sync',
      accountId: 'acct_bluebird',
      appId: 'app_crm',
      owner: 'crm@bluebird.example',
      scopes: ['read:leads'],
    });
    const call = async (path: string, from: typeof owner) => {
      const headers = {
        authorization: `Bearer ${secret}`,
        'user-agent': from.agent,
        'x-forwarded-for': from.address,
      };
      const answer = await fetch(`${sandbox.url}${path}`, { headers });
      await answer.arrayBuffer();
      return answer.status;
    };

    const keys = new KeyRegistry();
    const pipeline = createPipeline({
      enrich: createEnricher(openIpDatabase([])),
      registry: keys,
      pepper: 'pepper of the e2e test',
      metrics: new Metrics(),
    });
    await importKeys(store, [record], 1, null);
    await keys.refresh(store);
    const begin = Date.now();
    await storeHistory({ store, pipeline, events: quietHistory(begin), topic: 'history' });

    const shared = { store, clock, log, metrics: new Metrics() };
    const running = [
      ingest(
        {
          ...shared,
          topic: topics.requests,
          source: broker.source(topics.requests, `${config.database}-ingest`),
          deadLetters: broker.sink(topics.deadLetters),
          pipeline,
          batch: { rowsMax: 1_000, bytesMax: 1_000_000, ageMsMax: 200 },
        },
        stop.signal,
      ),
      detector(
        { ...shared, findings: broker.sink(topics.findings), tickMs: 1_000, publishFromMs: begin },
        stop.signal,
      ),
      alerter(
        {
          ...shared,
          ...onStore(store),
          findings: broker.source(topics.findings, `${config.database}-alerter`),
          notifier: await openSlack({
            token: 'xoxb-e2e',
            channel: 'sec-alerts',
            apiUrl: `${slack.url}/api/`,
            log,
          }),
          issuers: new Map([
            ['sandbox', openGenericIssuer({ name: 'sandbox', url: sandbox.url, token: issuerToken })],
          ]),
          policy: ResponsePolicy.parse({
            rules: [{ severityMin: 'high', mode: 'act' }],
            warmUpMs: 0,
            evidence: { scoreMin: 0, rulesMin: 1, windowsMin: 1 },
          }),
          incidents: { groups: ruleGroups },
          proof: ProofSettings.parse({ windowMs: 2_000 }),
        },
        stop.signal,
      ),
    ];
    opened.defer(async () => {
      stop.abort();
      await Promise.all(running);
    });

    expect(await call('/v1/leads', owner)).toBe(200);
    // The thief goes on trying until the proof is there.
    const paths = ['/v1/contacts', '/v1/deals', '/v1/exports', '/v1/leads'];
    let turn = 0;
    let lastStatus = 0;
    const steal = async () => {
      for (let i = 0; i < 5; i++)
        lastStatus = await call(paths[turn++] ?? `/v1/leads/${1_000 + turn}`, thief);
    };
    const askSlack = async (method: string, query: Record<string, string>) => {
      const answer = await fetch(`${slack.url}/api/${method}`, {
        method: 'POST',
        headers: { authorization: 'Bearer xoxb-e2e', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(query),
      });
      return (await answer.json()) as {
        channels: { id: string; name: string }[];
        messages: { text: string; ts: string }[];
      };
    };
    const { channels } = await askSlack('conversations.list', {});
    const channel = channels.find(({ name }) => name === 'sec-alerts')!.id;
    const history = async () => {
      const { messages } = await askSlack('conversations.history', { channel });
      const alerts = messages.filter(({ text }) => text.includes('key_crm_sync'));
      const ts = alerts[0]?.ts;
      const thread = ts ? (await askSlack('conversations.replies', { channel, ts })).messages : [];
      return { alerts, thread: thread.slice(1).map(({ text }) => text) };
    };

    await eventually(async () => {
      await steal();
      expect((await history()).thread.join('\n')).toMatch(/proven/i);
    }, 90_000);

    expect(lastStatus).toBe(401);
    expect(sandbox.listKeys()).toMatchObject([{ key_id: 'key_crm_sync', status: 'disabled' }]);
    const { alerts } = await history();
    expect(alerts).toHaveLength(1);
    expect(alerts[0]!.text).toContain('key_crm_sync');
    expect(alerts[0]!.text).not.toContain(secret);
  });
});
