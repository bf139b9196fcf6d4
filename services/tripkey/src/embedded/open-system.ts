import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AlertingConfig,
  alerter,
  type Notifier,
  onStore,
  openDestinations,
  openLeaks,
} from '@tripkey/alerter';
import { type Api, type ApiSettings, createApi, kindsOf, tablesForAnalysts } from '@tripkey/api';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '@tripkey/clickhouse-embedded';
import { topics } from '@tripkey/contract';
import { type DetectorConfig, detector } from '@tripkey/detector';
import {
  acceptTokensAnd,
  createEnricher,
  createHeartbeatReader,
  createHttpIngest,
  createLeakFindings,
  createPipeline,
  foldRegularly,
  openIpDatabase,
  type Pipeline,
  type PipelineConfig,
  pipelineOptions,
  refreshRegularly,
  verifyRegularly,
  watchGateways,
} from '@tripkey/ingest';
import type { KeyIssuer } from '@tripkey/issuers';
import { ruleGroups } from '@tripkey/rules';
import { type Clock, healthRoutes, type Logger, type Metrics, repeat } from '@tripkey/service-kit';
import {
  applyRetention,
  ClickHouseConfig,
  KeyRegistry,
  migrate,
  openStore,
  type Retention,
  type Store,
  storeReadiness,
  TokenBook,
} from '@tripkey/store';
import { InMemoryBroker } from '@tripkey/stream/memory';
import express from 'express';
import type { OpenedInstallation } from './installation.ts';

export interface SystemOptions {
  /** Everything that is kept is under this folder. */
  readonly folder: string;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly installation: OpenedInstallation;
  readonly pipeline: Omit<PipelineConfig, 'pepper'>;
  readonly retention: Retention;
  readonly alerting: AlertingConfig;
  readonly api: ApiSettings;
  readonly notifier: Notifier;
  readonly issuers: ReadonlyMap<string, KeyIssuer>;
  readonly detector: Pick<DetectorConfig['detector'], 'tickMs' | 'rules'> &
    Partial<DetectorConfig['detector']>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The whole of Tripkey in one process, on one folder. */
export interface System extends AsyncDisposable {
  /** Where events are posted to. */
  readonly url: string;
  readonly clickHouseUrl: string;
  readonly api: Api;
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly keys: KeyRegistry;
  /**
   * Ingests, detects and alerts until `stop` aborts, then drains.
   * @throws when one of the services fails; the others are stopped first.
   */
  run(stop: AbortSignal, onCaughtUp?: () => void): Promise<void>;
}

const registryMs = 2_000;

/** Opens the embedded engine, brings its schema up to date, and listens. */
export async function openSystem(options: SystemOptions): Promise<System> {
  const { clock, log, metrics } = options;
  await using opened = new AsyncDisposableStack();
  // Nobody but the API knows it; it is another one with every start.
  const analyst = { username: 'analyst', password: randomBytes(24).toString('base64url') };
  const engine: EmbeddedClickHouse = opened.use(
    await startEmbeddedClickHouse({
      folder: `${options.folder}/clickhouse`,
      users: {
        [analyst.username]: { password: analyst.password, readOnly: true, openTables: tablesForAnalysts },
      },
      log: (line) => log.debug({ line }, 'clickhouse'),
      onCrash: (reason) => log.error({ reason }, 'the embedded engine ended; it is started again'),
    }),
  );
  const clickhouse = ClickHouseConfig.parse({ url: engine.url });
  const applied = await migrate(clickhouse);
  const store = opened.use(openStore(clickhouse));
  await applyRetention(store, options.retention);
  const keys = new KeyRegistry();
  await keys.refresh(store);
  const broker = opened.use(new InMemoryBroker());
  await broker.ensureTopics([{ topic: topics.findings, partitions: 1 }]);
  const leaks = createLeakFindings({ store, findings: broker.sink(topics.findings), clock, log });
  const ipDatabase = openIpDatabase(options.pipeline.ipDatabases);
  const pipeline = createPipeline({
    enrich: createEnricher(ipDatabase),
    registry: keys,
    pepper: options.installation.pepper,
    ...pipelineOptions(options.pipeline),
    metrics,
    onLeak: leaks.note,
  });
  const { pepper } = options.installation;
  const http = createHttpIngest({
    store,
    pipeline,
    heartbeats: createHeartbeatReader({ pepper, metrics, onLeak: leaks.note }),
    authorize: acceptTokensAnd(options.installation.emitTokenHashes, new TokenBook({ store, clock, log })),
    clock,
    log,
    metrics,
  });

  const app = express().disable('x-powered-by');
  app.use(healthRoutes(metrics, async () => storeReadiness(store)));
  app.use(http.router);
  const alertingOnStore = onStore(store);
  const leakReports = openLeaks(options.alerting, {
    ...{ store, clock, log, metrics },
    secrets: alertingOnStore.secrets,
    findings: broker.sink(topics.findings),
    pepper: options.installation.pepper,
  });
  if (leakReports) app.use(leakReports.router);
  const server = opened.adopt(await listen(app, options), close);
  const url = `http://${options.host}:${(server.address() as AddressInfo).port}`;
  const api = createApi({
    ...{ store, clickhouse, keys, clock, log, publicUrl: options.api.publicUrl ?? url },
    analysts: opened.use(openStore({ ...clickhouse, ...analyst })),
    alerting: onStore(store),
    settings: options.api,
    config: options.alerting,
    issuers: options.issuers,
    issuerKinds: kindsOf(options.alerting.issuers),
    ruleParams: options.detector.rules,
  });
  app.use(api.router);
  log.info({ url, folder: options.folder, applied }, 'tripkey is open');

  const { installedAt } = options.installation;
  const kept = opened.move();
  return {
    url,
    clickHouseUrl: engine.url,
    store,
    pipeline,
    keys,
    api,
    async run(stop, onCaughtUp) {
      const over = new AbortController();
      const until = AbortSignal.any([stop, over.signal]);
      const { incidents, response, proof, escalation, console: links } = options.alerting;
      const { rules: params, ...detecting } = options.detector;
      const work = [
        http.run(until),
        refreshRegularly(ipDatabase, { clock, log }, until),
        leaks.run(until),
        verifyRegularly({ store, clock, log, metrics }, until),
        foldRegularly({ store, clock, log, metrics }, until),
        watchGateways({ store, clock, log, metrics }, until),
        repeat(registryMs, () => refresh(keys, store, log), clock, until),
        api.run(until),
        detector(
          {
            store,
            findings: broker.sink(topics.findings),
            params,
            ...detecting,
            publishFromMs: installedAt,
            clock,
            log,
            metrics,
            ...(onCaughtUp ? { onCaughtUp } : {}),
          },
          until,
        ),
        alerter(
          {
            ...alertingOnStore,
            // The broker forgets with the process, so the alerter takes from the store what it has not seen.
            recover: true,
            storedFindings: (since) => alertingOnStore.storedFindings(Math.max(since, installedAt)),
            findings: broker.source(topics.findings, 'alerter'),
            notifier: options.notifier,
            others: openDestinations(options.alerting, { clock, log }),
            digestAbove: options.alerting.slack.digestAbove,
            issuers: options.issuers,
            policy: response,
            incidents: { groups: ruleGroups, ...incidents },
            proof,
            escalation,
            detectorWatch: options.alerting.detectorWatch,
            consoleUrl: links.url ?? null,
            clock,
            log,
            metrics,
          },
          until,
        ),
      ];
      try {
        await Promise.all(work);
      } finally {
        over.abort();
        await Promise.allSettled(work);
      }
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function refresh(keys: KeyRegistry, store: Store, log: Logger): Promise<void> {
  try {
    await keys.refresh(store);
  } catch (err) {
    log.warn({ err }, 'keys could not be read, going on with those that are known');
  }
}

function listen(app: express.Express, { host, port }: SystemOptions): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(app);
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      reject(new Error(`port ${port} of ${host} is taken; choose another with --port`));
    });
    server.listen(port, host, () => resolve(server));
  });
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 2_000).unref();
  await closed;
}
