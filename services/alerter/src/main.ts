import { topics } from '@tripkey/contract';
import { ruleGroups } from '@tripkey/rules';
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
import { SubjectTraces, tracedNotifier } from './alert/traced-notifier.ts';
import { alerter } from './alerter.ts';
import { AlerterConfig } from './config.ts';
import { openLeaks } from './leaks/open-leaks.ts';
import { onStore } from './on-store.ts';
import { openIssuers } from './open-issuers.ts';
import { openNotifier } from './open-notifier.ts';
import { openDestinations } from './sinks/open-destinations.ts';
import { openInteractions, serveDoors } from './slack/interact/open-interactions.ts';

await runMain(async () => {
  const config = readConfig(AlerterConfig, process.env);
  const log = jsonLogger({ service: 'alerter', level: config.log.level });
  const metrics = new Metrics({ process: true });
  const stop = stopSignal();

  await using tracing = await openTracing('alerter', process.env);
  await using opened = openStore(config.clickhouse);
  const store = tracedStore(opened, tracing);
  const { sessionTimeoutMs } = config.kafka;
  await using kafka = await openKafka({
    ...kafkaConnection(config.kafka),
    ...{ sessionTimeoutMs, clientId: 'tripkey-alerter', log },
    heartbeatMs: Math.min(3_000, sessionTimeoutMs / 3),
  });
  const traces = new SubjectTraces();
  const broker = tracedBroker(kafka, tracing, traces.note);
  const needed = new NeededTopics(broker, [{ topic: topics.findings, partitions: config.kafka.partitions }]);
  await using _health = await serveHealth({
    port: config.health.port,
    metrics,
    readiness: async () => [...needed.readiness(), ...(await storeReadiness(store))],
  });
  await requireSchema(store, { clock: systemClock, log }, stop);
  await needed.require({ clock: systemClock, log }, stop);

  const { risk, windowMs, quietMs } = config.incidents;
  const issuers = openIssuers(config);
  const shared = { ...onStore(store), issuers, policy: config.response, clock: systemClock, log, metrics };
  const interactions = openInteractions(config, shared);
  const { pepper = '' } = config.pipeline;
  const leaks = openLeaks(config, { ...shared, store, pepper, findings: broker.sink(topics.findings) });
  const doors = [interactions, leaks].filter((door) => door !== null);
  await using _served = await serveDoors(doors, config.interactions);
  const over = new AbortController();
  const clicks = interactions?.run(AbortSignal.any([stop, over.signal]));
  await alerter(
    {
      ...shared,
      findings: broker.source(topics.findings, 'tripkey-alerter'),
      notifier: tracedNotifier(
        await openNotifier(config, log, (text) => process.stdout.write(`${text}\n`)),
        tracing,
        traces,
      ),
      incidents: { groups: ruleGroups, risk, windowMs, quietMs },
      proof: config.proof,
      escalation: config.escalation,
      detectorWatch: config.detectorWatch,
      consoleUrl: config.console.url ?? null,
      others: openDestinations(config, shared),
      pacing: config.slack,
      digestAbove: config.slack.digestAbove,
    },
    stop,
  ).finally(() => over.abort());
  await clicks;
});
