import { topics } from '@tripkey/contract';
import {
  jsonLogger,
  Metrics,
  openTracing,
  readConfig,
  repeat,
  runMain,
  serveHealth,
  stopSignal,
  systemClock,
} from '@tripkey/service-kit';
import { KeyRegistry, openStore, requireSchema, storeReadiness, tracedStore } from '@tripkey/store';
import { tracedBroker } from '@tripkey/stream';
import { kafkaConnection, NeededTopics, openKafka } from '@tripkey/stream/kafka';
import { IngestConfig } from './config.ts';
import { createEnricher } from './enrich/enricher.ts';
import { openIpDatabase } from './enrich/ip-database.ts';
import { refreshRegularly } from './enrich/refresh-regularly.ts';
import { consumeHeartbeats } from './heartbeats/consume-heartbeats.ts';
import { createHeartbeatReader } from './heartbeats/heartbeat-reader.ts';
import { watchGateways } from './heartbeats/watch-gateways.ts';
import { ingest } from './ingest.ts';
import { consumeKeys } from './keys.ts';
import { createLeakFindings } from './leak-findings.ts';
import { createPipeline } from './pipeline.ts';
import { pipelineOptions } from './pipeline-config.ts';
import { foldRegularly } from './rollups/fold-regularly.ts';
import { serveHttp } from './serve-http.ts';
import { verifyRegularly } from './verify/verify-regularly.ts';

const registryMs = 10_000;
/** Of a gateway that is silent for so long the topic keeps no heartbeat. */
const goneMs = 7 * 86_400_000;

await runMain(async () => {
  const config = readConfig(IngestConfig, process.env);
  const log = jsonLogger({ service: 'ingest', level: config.log.level });
  const metrics = new Metrics({ process: true });
  const stop = stopSignal();
  const clock = systemClock;
  const { kafka, pipeline: pipelineConfig, batch, rejects, bufferedBytesMax } = config;

  await using tracing = await openTracing('ingest', process.env);
  await using opened = openStore(config.clickhouse);
  const store = tracedStore(opened, tracing);
  const { sessionTimeoutMs } = kafka;
  await using connected = await openKafka({
    ...kafkaConnection(kafka),
    clientId: 'tripkey-ingest',
    log,
    sessionTimeoutMs,
    heartbeatMs: Math.min(3_000, sessionTimeoutMs / 5),
  });
  const broker = tracedBroker(connected, tracing);
  const needed = new NeededTopics(broker, [
    { topic: topics.requests, partitions: kafka.partitions },
    { topic: topics.deadLetters, partitions: 1 },
    { topic: topics.findings, partitions: kafka.partitions },
    { topic: topics.keys, partitions: 1, compacted: true },
    { topic: topics.gateways, partitions: 1, compacted: true, keptMs: goneMs, stampedByBroker: true },
  ]);
  await using _health = await serveHealth({
    port: config.health.port,
    metrics,
    readiness: async () => {
      if (stop.aborted) return ['stopping'];
      return [...needed.readiness(), ...(await storeReadiness(store))];
    },
  });
  await requireSchema(store, { clock, log }, stop);
  await needed.require({ clock, log }, stop);

  const registry = new KeyRegistry();
  const { pepper } = pipelineConfig;
  const leaks = createLeakFindings({ store, findings: broker.sink(topics.findings), clock, log });
  const ipDatabase = openIpDatabase(pipelineConfig.ipDatabases);
  const pipeline = createPipeline({
    enrich: createEnricher(ipDatabase),
    registry,
    pepper,
    ...pipelineOptions(pipelineConfig),
    metrics,
    onLeak: leaks.note,
  });

  const heartbeats = createHeartbeatReader({ pepper, metrics, onLeak: leaks.note });

  // One that fails ends the others: a process that does half its work looks healthy and is not.
  const over = new AbortController();
  const until = AbortSignal.any([stop, over.signal]);
  const unconfirmedMsMax = Math.floor(sessionTimeoutMs * (2 / 3));
  const deadLetters = broker.sink(topics.deadLetters);
  const shared = { deadLetters, store, clock, log, metrics, unconfirmedMsMax };
  const events = { topic: topics.requests, source: broker.source(topics.requests, kafka.group) };
  // One member verifies at a time: the one that has the first partition.
  let isFirst = false;
  const onAssigned = (partitions: readonly number[]) => {
    isFirst = partitions.includes(0);
  };
  const work = [
    leaks.run(until),
    ingest({ ...shared, ...events, pipeline, batch, rejects, bufferedBytesMax, onAssigned }, until),
    consumeKeys(
      {
        ...shared,
        source: broker.source(topics.keys, `${kafka.group}-keys`),
        pepper,
        rejects,
      },
      until,
    ),
    consumeHeartbeats(
      { ...shared, source: broker.source(topics.gateways, `${kafka.group}-gateways`), heartbeats },
      until,
    ),
    repeat(
      registryMs,
      () =>
        registry.refresh(store).catch((error: unknown) => {
          log.warn({ err: error }, 'keys could not be read, going on with those that are known');
        }),
      clock,
      until,
    ),
  ];
  const { port } = config.http;
  await using door =
    port === undefined
      ? null
      : await serveHttp({ ...config.http, port }, { ...shared, pipeline, heartbeats });
  if (door) {
    log.info({ port: door.port, partition: config.http.partition }, 'events are taken by HTTP');
    work.push(door.run(until));
  }
  work.push(refreshRegularly(ipDatabase, { clock, log }, until));
  work.push(foldRegularly({ ...shared, isMine: () => isFirst }, until));
  work.push(watchGateways({ ...shared, isMine: () => isFirst }, until));
  const verifyMs = config.verify.everyMinutes * 60_000;
  if (verifyMs > 0) {
    work.push(verifyRegularly({ ...shared, everyMs: verifyMs, isMine: () => isFirst }, until));
  }
  try {
    await Promise.all(work);
  } finally {
    over.abort();
    await Promise.allSettled(work);
  }
});
