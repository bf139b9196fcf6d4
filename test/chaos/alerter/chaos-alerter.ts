import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedClickHouse } from '@tripkey/clickhouse-embedded';
import { type KeyRecord, topics } from '@tripkey/contract';
import { importKeys } from '@tripkey/ingest';
import { type IssuerSandbox, startIssuerSandbox } from '@tripkey/issuer-sandbox';
import { silentLogger } from '@tripkey/service-kit/testing';
import { ClickHouseConfig, migrate, openStore, type Store } from '@tripkey/store';
import { openKafka } from '@tripkey/stream/kafka';
import { createEmulator } from 'emulate';
import * as z from 'zod';
import { startOwnKafka } from '../../harness/start-own-kafka.ts';
import { defineMeasurement } from '../../measure/measurement.ts';
import { SeededRandom } from '../seeded-random.ts';
import { ServiceProcess } from '../service-process.ts';
import { type Compared, compare, type Witnesses } from './compare.ts';
import { FaultyProxy } from './faulty-proxy.ts';
import { GatewayAndDetector } from './gateway-and-detector.ts';
import { observedTag, type PlannedIncident, planIncidents } from './planned-incident.ts';
import { SlackChannel } from './slack-channel.ts';

/** Longest time until all is told and proven when nothing is killed any more. */
const settleMsMax = 300_000;
/** How long it is watched after that: a message that comes once too often comes late. */
const watchMs = 10_000;
const replicas = 2;
const issuerToken = 'issuer-token-of-chaos';
const consoleUrl = 'https://tripkey.example';
const slackSettings = { token: 'xoxb-chaos', channel: 'sec-alerts' };

/**
 * Two alerters in processes of their own between real Kafka, the embedded engine, an emulated Slack and a real issuer,
 * the last two behind proxies that limit, break and lose answers. Incidents open, get worse and close while alerters
 * are killed with SIGKILL at random moments. Then what people see in Slack and what the issuer did is compared with
 * the plan and with the incident log.
 */
export const chaosAlerter = defineMeasurement({
  name: 'alerter',
  summary:
    'kill -9 of alerters, with faults in Slack and issuer; nothing is told or stopped twice, or not at all',
  options: z.object({
    kills: z.coerce.number().int().min(0).default(100).describe('processes to kill'),
    incidents: z.coerce.number().int().positive().default(200).describe('incidents to come about'),
    pauseMsMax: z.coerce.number().int().positive().default(10_000).describe('longest time between two kills'),
    keep: z.coerce.boolean().default(false).describe('leave the logs'),
  }),
  async run({ options, seed, log, signal }) {
    const startedAt = performance.now();
    const folder = mkdtempSync(`${tmpdir()}/tripkey-chaos-`);
    const random = new SeededRandom(seed);
    await using opened = new AsyncDisposableStack();
    opened.defer(() => {
      if (options.keep) log(`logs are in ${folder}`);
      else rmSync(folder, { recursive: true, force: true });
    });
    const kafka = opened.use(await startOwnKafka());
    const engine = opened.use(await startEmbeddedClickHouse({ folder: `${folder}/clickhouse` }));
    const clickhouse = ClickHouseConfig.parse({ url: engine.url });
    await migrate(clickhouse);
    const store = opened.use(openStore(clickhouse));
    const broker = opened.use(await openKafka({ brokers: kafka.brokers, clientId: 'chaos' }));
    await broker.ensureTopics([{ topic: topics.findings, partitions: 6 }]);
    const slack = await openSlackEmulator();
    opened.defer(() => slack.close());
    const issuer = opened.use(await openIssuer());

    const plan = planIncidents(options.incidents, (options.kills * options.pauseMsMax) / 2, random);
    await makeKeys(plan, issuer, store);
    const operations = new Map<string, Set<string>>();
    const slackProxy = await FaultyProxy.start(slack.url, new SeededRandom(seed + 1), {
      // The emulator takes 5,000 calls an hour of a token, and every token.
      authorization: (call) => `Bearer xoxb-chaos-${Math.floor(call / 4_000)}`,
    });
    opened.defer(() => slackProxy.close());
    const issuerProxy = await FaultyProxy.start(issuer.url, new SeededRandom(seed + 2), {
      onArrived: ({ url, headers }) => {
        const [, keyId] = /^\/v1\/keys\/([^/]+)\/actions$/.exec(new URL(url).pathname) ?? [];
        const operation = String(headers['idempotency-key']);
        if (keyId) operations.set(keyId, (operations.get(keyId) ?? new Set()).add(operation));
      },
    });
    opened.defer(() => issuerProxy.close());

    const config = `${folder}/alerter.yaml`;
    const urls = { slack: `${slackProxy.url}/api/`, issuer: issuerProxy.url, clickhouse: engine.url };
    writeFileSync(config, JSON.stringify(alerterConfig(kafka.brokers, urls)));
    const ended = new AbortController();
    const before = new GatewayAndDetector(store, broker.sink(topics.findings), plan);
    await before.begin();
    const alerters = Array.from(
      { length: replicas },
      (_, i) => new ServiceProcess('alerter', { TRIPKEY_CONFIG: config }, `${folder}/alerter-${i}.log`),
    );
    opened.defer(async () => void (await Promise.all(alerters.map((alerter) => alerter.close()))));
    const playing = before.run(ended.signal);
    opened.defer(async () => {
      ended.abort();
      await playing;
    });

    let kills = 0;
    while (kills < options.kills && !signal.aborted) {
      await sleep(random.whole(0, options.pauseMsMax));
      alerters[random.whole(0, replicas - 1)]!.kill9();
      kills++;
      if (kills % 10 === 0) log(`${kills} kills`);
    }
    log('no more kills; waiting until all is told and proven');
    const channel = new SlackChannel(slack.url, slackSettings.channel);
    const keys = (): KeyRecord[] => issuer.listKeys();
    const compared = await settle(plan, { store, slack: channel, keys, operations, consoleUrl }, log, signal);
    const { findings_astray, wrong_state, audit_faults, ...differences } = compared.differences;
    const around = {
      ...{ findings_astray, wrong_state, audit_faults },
      own_ends: alerters.reduce((sum, { ownEnds }) => sum + ownEnds, 0),
      slack_faults: slackProxy.faults,
      issuer_faults: issuerProxy.faults,
      seconds: Math.round((performance.now() - startedAt) / 1_000),
    };
    log(`besides: ${JSON.stringify(around)}`);
    for (const fault of compared.auditFaults) log(`audit log: ${fault}`);
    return {
      figures: { kills, incidents: compared.incidents, ...differences },
      held: compared.held && !signal.aborted,
    };
  },
});

/** Compares until nothing differs or the time is over, and once more when late messages would have come. */
async function settle(
  plan: readonly PlannedIncident[],
  witnesses: Witnesses,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Compared> {
  const until = performance.now() + settleMsMax;
  let compared = await compare(plan, witnesses);
  for (let looks = 1; !compared.held && performance.now() < until && !signal.aborted; looks++) {
    await sleep(2_000);
    compared = await compare(plan, witnesses);
    if (looks % 10 === 0) log(JSON.stringify(compared.differences));
  }
  if (!compared.held) return compared;
  log('all is told and proven; watching for what comes too late');
  await sleep(watchMs);
  return compare(plan, witnesses);
}

function openSlackEmulator() {
  const { channel } = slackSettings;
  return createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        team: { name: 'Chaos', domain: 'chaos' },
        channels: [{ name: channel }],
      },
    },
  });
}

function openIssuer(): Promise<IssuerSandbox> {
  return startIssuerSandbox({
    port: 0,
    adminToken: 'admin-token-of-chaos',
    issuerToken,
    keyCacheTtlMs: 1_000,
    emitter: { emit: () => {} },
    log: silentLogger,
  });
}

async function makeKeys(
  plan: readonly PlannedIncident[],
  issuer: IssuerSandbox,
  store: Store,
): Promise<void> {
  for (const { keyId, stopped } of plan) {
    const names = { keyId, name: `Key ${keyId}`, accountId: 'acct_chaos', appId: 'app_chaos' };
    await issuer.createKey({
      ...{ ...names, owner: 'chaos@example.com', scopes: [] },
      tags: stopped ? {} : observedTag,
    });
  }
  await importKeys(store, issuer.listKeys(), Date.now(), null);
}

/** Caps that do not get in the way, short times, so that much happens in little time. */
function alerterConfig(
  brokers: readonly string[],
  urls: { slack: string; issuer: string; clickhouse: string },
): object {
  return {
    kafka: { brokers, sessionTimeoutMs: 3_000 },
    clickhouse: { url: urls.clickhouse },
    health: { port: 0 },
    // Without digests: each incident is to have a message of its own.
    slack: {
      ...{ ...slackSettings, apiUrl: urls.slack, postsPerSecond: 10, callsPerSecond: 10 },
      digestAbove: 1_000_000,
    },
    console: { url: consoleUrl },
    incidents: { quietMs: 40_000 },
    proof: { windowMs: 2_000 },
    issuers: { sandbox: { url: urls.issuer, token: issuerToken } },
    outbound: { allowedNetworks: ['127.0.0.1'] },
    response: {
      rules: [{ keyTags: observedTag, mode: 'observe' }, { mode: 'act' }],
      caps: { perHour: 100_000, perDay: 100_000, perOwnerAndHour: 100_000, activeKeysShare: 1 },
      warmUpMs: 0,
      evidence: { scoreMin: 0, rulesMin: 1, windowsMin: 1 },
      oddKeys: { countMax: 100_000 },
      staleAfterMs: 60_000,
    },
  };
}
