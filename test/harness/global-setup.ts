import type { TestProject } from 'vitest/node';
import { jarsUnavailable } from './kafka-jars.ts';
import { provideClickHouse } from './provide-clickhouse.ts';
import { provideKafka } from './provide-kafka.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses, or why there is none. */
    kafka: { brokers: string[] } | { unavailable: string };
    /** Why tests cannot start a broker of their own, or null when they can. */
    ownKafkaUnavailable: string | null;
    clickhouse: { url: string; username: string; password: string };
  }
}

/** Starts Kafka and ClickHouse once for all tests that need them, says which it took, and ends them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const ownKafkaUnavailable = jarsUnavailable();
  if (ownKafkaUnavailable !== null) {
    if (process.env.CI) throw new Error(`tests that kill Kafka cannot run in CI: ${ownKafkaUnavailable}`);
    process.stderr.write(`\nharness: TESTS THAT KILL KAFKA ARE SKIPPED: ${ownKafkaUnavailable}\n`);
  }
  project.provide('ownKafkaUnavailable', ownKafkaUnavailable);
  const [kafka, clickhouse] = await Promise.all([provideKafka(), provideClickHouse()]);
  const { url, username, password } = clickhouse;
  project.provide('clickhouse', { url, username, password });
  if ('unavailable' in kafka) {
    process.stderr.write(`\nharness: KAFKA TESTS ARE SKIPPED: ${kafka.unavailable}\n`);
    project.provide('kafka', kafka);
  } else {
    process.stderr.write(`harness: Kafka: ${kafka.kind}\n`);
    project.provide('kafka', { brokers: [...kafka.brokers] });
  }
  process.stderr.write(`harness: ClickHouse: ${clickhouse.kind}\n`);
  return async () => {
    if (!('unavailable' in kafka)) await kafka.close();
    await clickhouse.close();
  };
}
