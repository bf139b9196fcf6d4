import { hostname } from 'node:os';
import { topics } from '@tripkey/contract';
import {
  jsonLogger,
  Metrics,
  openTracing,
  readConfig,
  runMain,
  serveHealth,
  stopSignal,
  systemClock,
} from '@tripkey/service-kit';
import { openStore, requireSchema, storeReadiness, tracedStore } from '@tripkey/store';
import { tracedBroker } from '@tripkey/stream';
import { kafkaConnection, NeededTopics, openKafka } from '@tripkey/stream/kafka';
import { DetectorConfig } from './config.ts';
import { detector } from './detector.ts';

await runMain(async () => {
  const config = readConfig(DetectorConfig, process.env);
  const log = jsonLogger({ service: 'detector', level: config.log.level });
  const metrics = new Metrics({ process: true });
  const stop = stopSignal();

  await using tracing = await openTracing('detector', process.env);
  await using opened = openStore(config.clickhouse);
  const store = tracedStore(opened, tracing);
  await using connected = await openKafka({
    ...kafkaConnection(config.kafka),
    clientId: 'tripkey-detector',
    log,
  });
  const broker = tracedBroker(connected, tracing);
  const needed = new NeededTopics(broker, [{ topic: topics.findings, partitions: config.kafka.partitions }]);
  await using _health = await serveHealth({
    port: config.health.port,
    metrics,
    readiness: async () => [...needed.readiness(), ...(await storeReadiness(store))],
  });
  await requireSchema(store, { clock: systemClock, log }, stop);
  await needed.require({ clock: systemClock, log }, stop);

  const findings = broker.sink(topics.findings);
  const { rules: params, ...settings } = config.detector;
  // Two processes of a machine have different ports; a container that starts again has the name it had.
  const member = `${hostname()}:${config.health.port || crypto.randomUUID()}`;
  await detector({ store, findings, params, member, ...settings, clock: systemClock, log, metrics }, stop);
});
