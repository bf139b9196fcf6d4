import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '@tripkey/contract';
import { ClickHouseConfig, migrate, openStore } from '@tripkey/store';
import { openKafka } from '@tripkey/stream/kafka';
import * as z from 'zod';
import { freePorts } from '../../harness/free-port.ts';
import { startKafkaBroker } from '../../harness/kafka-broker.ts';
import { defineMeasurement } from '../../measure/measurement.ts';
import { SeededRandom } from '../seeded-random.ts';
import { compareWithTopic, isCaughtUp } from './compare.ts';
import { IngestProcess } from './ingest-process.ts';
import { Load } from './load.ts';
import { RestartableEngine } from './restartable-engine.ts';
import { readTopic } from './topic-content.ts';

/** Whom a kill hits, by weight. Members are hit most: each of their kills is two rebalances. */
const victims = { member: 6, engine: 3, kafka: 1 };
/** Longest time until all is stored when nothing is killed any more. */
const catchUpMsMax = 180_000;

/**
 * Real Kafka, the embedded engine and members of ingest in processes of their own, under load; each is killed with
 * SIGKILL at random moments. Then what is stored is compared with what the topic holds: raw row by row, the rollup
 * minute by minute.
 */
export const chaosIngest = defineMeasurement({
  name: 'ingest',
  summary: 'kill -9 of ingest, ClickHouse and Kafka under load; afterwards nothing is lost or double',
  options: z.object({
    kills: z.coerce.number().int().min(0).default(100).describe('processes to kill'),
    members: z.coerce.number().int().min(1).max(6).default(3).describe('processes of ingest'),
    perSecond: z.coerce.number().int().positive().default(1_000).describe('events a second'),
    pauseMsMax: z.coerce.number().int().positive().default(4_000).describe('longest time between two kills'),
    keep: z.coerce.boolean().default(false).describe('leave data and logs'),
  }),
  async run({ options, seed, log, signal }) {
    const folder = mkdtempSync(`${tmpdir()}/tripkey-chaos-`);
    const random = new SeededRandom(seed);
    const kafka = await startKafkaBroker(`${folder}/kafka`);
    const [port = 0] = await freePorts(1);
    const engine = new RestartableEngine(`${folder}/clickhouse`, port);
    const members: IngestProcess[] = [];
    try {
      await engine.start();
      const config = ClickHouseConfig.parse({ url: engine.url, database: 'tripkey' });
      await migrate(config);
      await using store = openStore(config);
      await using broker = await openKafka({ brokers: kafka.brokers, clientId: 'chaos', waitMsMax: 200 });
      await broker.ensureTopics([{ topic: topics.requests, partitions: 6 }]);
      for (let i = 0; i < options.members; i++) {
        members.push(new IngestProcess(settings(kafka.brokers, engine.url), `${folder}/ingest-${i}.log`));
      }

      const ended = new AbortController();
      const load = new Load(broker.sink(topics.requests), options.perSecond, new SeededRandom(seed + 1));
      const loading = load.run(ended.signal);
      const counts = { member: 0, engine: 0, kafka: 0 };
      for (let kill = 1; kill <= options.kills && !signal.aborted; kill++) {
        await sleep(random.whole(0, options.pauseMsMax));
        const victim = random.weighted(victims);
        counts[victim]++;
        log(`kill ${kill}: ${victim}`);
        if (victim === 'member') {
          members[random.whole(0, members.length - 1)]!.kill9();
        } else {
          const server = victim === 'engine' ? engine : { kill9: kafka.kill9, start: kafka.restart };
          await server.kill9();
          await sleep(random.whole(0, 1_000));
          await server.start();
        }
      }
      // Some load that nothing disturbs, so that the last kill is met by events as well.
      await sleep(2_000);
      ended.abort();
      await loading;

      log('reading the topic');
      const content = await readTopic(broker, topics.requests, signal);
      log(`${content.places.size} events sent; waiting until ingest has caught up`);
      const startedAt = performance.now();
      let caughtUp = false;
      while (!caughtUp && performance.now() - startedAt < catchUpMsMax && !signal.aborted) {
        caughtUp = await isCaughtUp(store, topics.requests, content);
        if (!caughtUp) await sleep(200);
      }
      if (!caughtUp) log('ingest has not caught up');
      const { lost, double, rollupMismatches } = await compareWithTopic(store, topics.requests, content);
      return {
        figures: {
          kills: counts.member + counts.engine + counts.kafka,
          kills_member: counts.member,
          kills_clickhouse: counts.engine,
          kills_kafka: counts.kafka,
          own_ends: members.reduce((sum, { ownEnds }) => sum + ownEnds, 0),
          produced: content.places.size,
          lost,
          double,
          rollup_mismatches: rollupMismatches,
          catch_up_ms: Math.round(performance.now() - startedAt),
        },
        held: caughtUp && lost === 0 && double === 0 && rollupMismatches === 0 && !signal.aborted,
      };
    } finally {
      await Promise.all(members.map((member) => member.close()));
      await engine.close();
      await kafka.close();
      if (options.keep) log(`data and logs are in ${folder}`);
      else rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** Configuration of a member: small batches and a short session, so that much happens in little time. */
function settings(brokers: readonly string[], clickhouse: string): Record<string, string> {
  return {
    TRIPKEY_KAFKA__BROKERS: brokers.join(','),
    TRIPKEY_KAFKA__SESSION_TIMEOUT_MS: '6000',
    TRIPKEY_CLICKHOUSE__URL: clickhouse,
    TRIPKEY_PIPELINE__PEPPER: 'made up for this measurement',
    TRIPKEY_BATCH__ROWS_MAX: '500',
    TRIPKEY_BATCH__AGE_MS_MAX: '300',
    TRIPKEY_HEALTH__PORT: '0',
    TRIPKEY_LOG__LEVEL: 'info',
  };
}
