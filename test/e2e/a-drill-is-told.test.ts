import { alerter, fold, onStore, openSlack, ResponsePolicy } from '@tripkey/alerter';
import { habitOf, runDrill, summaryOf } from '@tripkey/cli';
import type { RequestEvent } from '@tripkey/contract';
import { detector } from '@tripkey/detector';
import { createEnricher, createPipeline, ingest, openIpDatabase, storeHistory } from '@tripkey/ingest';
import { ruleGroups } from '@tripkey/rules';
import { systemClock as clock, Metrics } from '@tripkey/service-kit';
import { eventually, silentLogger as log } from '@tripkey/service-kit/testing';
import { KeyRegistry, migrate, openStore } from '@tripkey/store';
import { openKafka } from '@tripkey/stream/kafka';
import { createEmulator } from 'emulate';
import { expect, test } from 'vitest';
import { clickHouseConfig, describeWithKafka, kafkaBrokers, uniqueName } from '../harness/index.ts';

const canaries = ['canary_forms', 'canary_crm'];
const dayMs = 86_400_000;

/** What canaries did in a week, every half an hour. */
function* habits(until: number): Generator<RequestEvent> {
  for (let at = until - 7 * dayMs; at < until; at += 1_800_000)
    for (const keyId of canaries) yield habitOf(keyId, at);
}

describeWithKafka('through real Kafka, ClickHouse and a local Slack', () => {
  test('a drill is told of and closed; that the detector has stopped is told of, too', async () => {
    await using opened = new AsyncDisposableStack();
    const stop = new AbortController();
    const config = clickHouseConfig();
    await migrate(config);
    const store = opened.use(openStore(config));
    const broker = opened.use(
      await openKafka({ brokers: kafkaBrokers(), clientId: 'drill', waitMsMax: 100 }),
    );
    const names = {
      requests: uniqueName('requests'),
      deadLetters: uniqueName('dlq'),
      findings: uniqueName('findings'),
    };
    await broker.ensureTopics(Object.values(names).map((topic) => ({ topic, partitions: 1 })));
    const slack = await createEmulator({
      service: 'slack',
      port: 0,
      seed: { slack: { team: { name: 'Bluebird', domain: 'bluebird' }, channels: [{ name: 'sec-alerts' }] } },
    });
    opened.defer(() => slack.close());

    const pipeline = createPipeline({
      ...{ enrich: createEnricher(openIpDatabase([])), registry: new KeyRegistry(), metrics: new Metrics() },
      pepper: 'pepper of the drill',
    });
    const begin = Date.now();
    await storeHistory({ store, pipeline, events: habits(begin), topic: 'history' });

    const shared = { store, clock, log, metrics: new Metrics() };
    const batch = { rowsMax: 1_000, bytesMax: 1_000_000, ageMsMax: 200 };
    const { incidentLog, commands, ...onClickHouse } = onStore(store);
    const detectorStop = new AbortController();
    const running = [
      ingest(
        {
          ...{ ...shared, pipeline, batch, topic: names.requests },
          source: broker.source(names.requests, `${config.database}-ingest`),
          deadLetters: broker.sink(names.deadLetters),
        },
        stop.signal,
      ),
      detector(
        {
          ...{ ...shared, findings: broker.sink(names.findings) },
          ...{ tickMs: 1_000, saveEveryMs: 500, publishFromMs: begin },
        },
        detectorStop.signal,
      ),
      alerter(
        {
          ...{ ...shared, ...onClickHouse, incidentLog, commands },
          findings: broker.source(names.findings, `${config.database}-alerter`),
          notifier: await openSlack({
            ...{ token: 'xoxb-drill', channel: 'sec-alerts', log },
            apiUrl: `${slack.url}/api/`,
          }),
          issuers: new Map(),
          policy: ResponsePolicy.parse({}),
          incidents: { groups: ruleGroups },
          detectorWatch: { behindMsMax: 6_000 },
        },
        stop.signal,
      ),
    ];
    opened.defer(async () => {
      stop.abort();
      detectorStop.abort();
      await Promise.all(running);
    });
    const askSlack = async (method: string, query: Record<string, string>) => {
      const answer = await fetch(`${slack.url}/api/${method}`, {
        method: 'POST',
        headers: { authorization: 'Bearer xoxb-drill', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(query),
      });
      return (await answer.json()) as {
        channels: { id: string; name: string }[];
        messages: { text: string }[];
      };
    };
    const { channels } = await askSlack('conversations.list', {});
    const channel = channels.find(({ name }) => name === 'sec-alerts')!.id;
    const inChannel = async () =>
      (await askSlack('conversations.history', { channel })).messages.map(({ text }) => text);

    const post = async (events: readonly RequestEvent[]) =>
      broker.sink(names.requests).send([{ key: 'edge-1', value: JSON.stringify(events) }]);
    const drill = { keyIds: canaries, attack: 'takeover', withinMs: 60_000 } as const;
    const results = await runDrill({ post, incidentLog, commands, clock }, drill, stop.signal);
    expect(summaryOf(results)).toMatchObject({ attacks: 2, found: 2, told: 2, recall: 1 });
    const incidents = Map.groupBy(await incidentLog.load(begin), ({ incident_id }) => incident_id);
    for (const incident of [...incidents.values()].map(fold).filter(({ keyId }) => keyId !== null))
      expect(incident).toMatchObject({ state: 'resolved', resolution: { reason: 'testing_or_maintenance' } });
    await eventually(async () => {
      for (const keyId of canaries)
        expect((await inChannel()).join('\n')).toMatch(new RegExp(`Resolved.*${keyId}|${keyId}.*Resolved`));
    }, 30_000);

    expect((await inChannel()).join('\n')).not.toContain('detector has stopped');
    detectorStop.abort();
    await eventually(
      async () => expect((await inChannel()).join('\n')).toContain('detector has stopped'),
      30_000,
    );
    expect((await inChannel()).join('\n')).not.toContain('Ingest stands still');
  });
});
