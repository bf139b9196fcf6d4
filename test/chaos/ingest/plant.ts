import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '@tripkey/contract';
import { ClickHouseConfig, migrate, openStore, type Store } from '@tripkey/store';
import type { Broker } from '@tripkey/stream';
import { openKafka } from '@tripkey/stream/kafka';
import { freePorts } from '../../harness/free-port.ts';
import { type KafkaBroker, startKafkaBroker } from '../../harness/kafka-broker.ts';
import type { KafkaLine } from '../../harness/kafka-jars.ts';
import { SeededRandom } from '../seeded-random.ts';
import { ServiceProcess } from '../service-process.ts';
import { areUsesTold, type Comparison, compareWithTopic, isCaughtUp } from './compare.ts';
import { Load } from './load.ts';
import { RestartableEngine } from './restartable-engine.ts';
import { readTopic } from './topic-content.ts';

/** Longest time until all is stored when nothing is disturbed any more, ms. */
const catchUpMsMax = 240_000;

export interface PlantOptions {
  readonly members: number;
  /** Events a second. */
  readonly perSecond: number;
  readonly seed: number;
  /** Largest batch of a member. */
  readonly rowsMax: number;
  /** Share of events that come up to two days late, default 0.05. To what judges them that looks like a short past. */
  readonly lateShare?: number;
  /** Which Kafka; default the one that all tests run on. */
  readonly kafka?: KafkaLine;
  /** Leave data and logs. */
  readonly keep: boolean;
  log(line: string): void;
}

/** What is stored, measured against what the topic holds. */
export interface Outcome extends Comparison {
  readonly produced: number;
  readonly caughtUp: boolean;
  readonly catchUpMs: number;
  readonly held: boolean;
}

/** Real Kafka, the embedded engine, members of ingest in processes of their own, and load on all of it. */
export class Plant implements AsyncDisposable {
  readonly kafka: KafkaBroker;
  readonly engine: RestartableEngine;
  readonly members: readonly ServiceProcess[];
  readonly #options: PlantOptions;
  /** Where data and logs are. */
  readonly folder: string;
  readonly store: Store;
  readonly broker: Broker;
  readonly #loadEnded = new AbortController();
  readonly #over = new AbortController();
  readonly #loading: Promise<void>;

  private constructor(
    options: PlantOptions,
    folder: string,
    kafka: KafkaBroker,
    engine: RestartableEngine,
    store: Store,
    broker: Broker,
  ) {
    this.#options = options;
    this.folder = folder;
    this.kafka = kafka;
    this.engine = engine;
    this.store = store;
    this.broker = broker;
    const settings = memberSettings(kafka.brokers, engine.url, options.rowsMax);
    this.members = Array.from(
      { length: options.members },
      (_, i) => new ServiceProcess('ingest', settings, `${folder}/ingest-${i}.log`),
    );
    const load = new Load(
      broker.sink(topics.requests),
      options.perSecond,
      new SeededRandom(options.seed + 1),
      options.lateShare ?? 0.05,
    );
    this.#loading = load.run(this.#loadEnded.signal, this.#over.signal);
  }

  static async open(options: PlantOptions): Promise<Plant> {
    const folder = mkdtempSync(`${tmpdir()}/tripkey-chaos-`);
    const kafka = await startKafkaBroker(`${folder}/kafka`, options.kafka);
    const [port = 0] = await freePorts(1);
    const engine = new RestartableEngine(`${folder}/clickhouse`, port);
    await engine.start();
    const config = ClickHouseConfig.parse({ url: engine.url });
    await migrate(config);
    const broker = await openKafka({ brokers: kafka.brokers, clientId: 'chaos', waitMsMax: 200 });
    await broker.ensureTopics([{ topic: topics.requests, partitions: 6 }]);
    return new Plant(options, folder, kafka, engine, openStore(config), broker);
  }

  /**
   * Ends the load, waits until ingest has caught up, and compares.
   * @param fromMs minutes before it are not compared, epoch ms
   */
  async compare(signal: AbortSignal, fromMs = 0): Promise<Outcome> {
    const { log } = this.#options;
    this.#loadEnded.abort();
    await this.#loading;
    log('reading the topic');
    const content = await readTopic(this.broker, topics.requests, signal);
    log(`${content.places.size} events sent; waiting until ingest has caught up`);
    const startedAt = performance.now();
    const spentMs = () => Math.round(performance.now() - startedAt);
    let caughtUp = false;
    while (!caughtUp && spentMs() < catchUpMsMax && !signal.aborted) {
      caughtUp = await isCaughtUp(this.store, topics.requests, content);
      if (!caughtUp) await sleep(200);
    }
    const catchUpMs = spentMs();
    if (!caughtUp) log('ingest has not caught up');
    while (caughtUp && spentMs() < catchUpMsMax && !signal.aborted && !(await areUsesTold(this.store))) {
      await sleep(200);
    }
    const found = await compareWithTopic(this.store, topics.requests, content, fromMs);
    const equal =
      found.lost === 0 && found.double === 0 && found.rollupMismatches === 0 && found.useMismatches === 0;
    return {
      ...found,
      produced: content.places.size,
      caughtUp,
      catchUpMs,
      held: caughtUp && equal && !signal.aborted,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#loadEnded.abort();
    this.#over.abort();
    await Promise.all(this.members.map((member) => member.close()));
    await this.#loading.catch(() => {});
    await this.broker[Symbol.asyncDispose]();
    await this.store[Symbol.asyncDispose]();
    await this.engine.close();
    await this.kafka.close();
    if (this.#options.keep) this.#options.log(`data and logs are in ${this.folder}`);
    else rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Configuration of a member: a short session, so that much happens in little time. */
function memberSettings(
  brokers: readonly string[],
  clickhouse: string,
  rowsMax: number,
): Record<string, string> {
  return {
    TRIPKEY_KAFKA__BROKERS: brokers.join(','),
    TRIPKEY_KAFKA__SESSION_TIMEOUT_MS: '6000',
    TRIPKEY_CLICKHOUSE__URL: clickhouse,
    TRIPKEY_PIPELINE__PEPPER: 'made up for this measurement',
    TRIPKEY_BATCH__ROWS_MAX: String(rowsMax),
    TRIPKEY_BATCH__AGE_MS_MAX: '300',
    TRIPKEY_HEALTH__PORT: '0',
  };
}
