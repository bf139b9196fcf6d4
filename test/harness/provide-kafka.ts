import { dockerAnswers } from './docker.ts';
import { jarsUnavailable } from './kafka-jars.ts';
import { startOwnKafka } from './start-own-kafka.ts';

export interface ProvidedKafka {
  readonly brokers: readonly string[];
  /** Where it comes from, in words. */
  readonly kind: string;
  close(): Promise<void>;
}

/** Kafka image for testcontainers; the line that the jars have. */
const image = 'apache/kafka:4.1.1';

/**
 * A Kafka for tests: the one in TRIPKEY_TEST_KAFKA_BROKERS, else a container, else one from its jars.
 * @returns the reason when none can be had; with CI set that is an error instead.
 */
export async function provideKafka(): Promise<ProvidedKafka | { readonly unavailable: string }> {
  const brokers = process.env.TRIPKEY_TEST_KAFKA_BROKERS;
  if (brokers)
    return { brokers: brokers.split(','), kind: 'from TRIPKEY_TEST_KAFKA_BROKERS', close: async () => {} };
  if (await dockerAnswers()) return kafkaContainer();
  const reason = jarsUnavailable();
  if (reason === null) return kafkaFromJars();
  const unavailable = `no Kafka: TRIPKEY_TEST_KAFKA_BROKERS is not set, no Docker engine answers, and ${reason}`;
  if (process.env.CI) throw new Error(`${unavailable}; in CI that is a failure`);
  return { unavailable };
}

async function kafkaFromJars(): Promise<ProvidedKafka> {
  const broker = await startOwnKafka();
  return { brokers: broker.brokers, kind: 'Apache Kafka from its jars', close: () => broker.close() };
}

async function kafkaContainer(): Promise<ProvidedKafka> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const { freePorts } = await import('./free-port.ts');
  // The broker advertises the address that it is reached at, so the host's port is chosen beforehand.
  const [port = 0] = await freePorts(1);
  const container = await new GenericContainer(image)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start();
  return {
    brokers: [`127.0.0.1:${port}`],
    kind: `container ${image}`,
    close: async () => void (await container.stop()),
  };
}
