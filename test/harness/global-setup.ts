import type { TestProject } from 'vitest/node';
import { provideClickHouse } from './provide-clickhouse.ts';
import { provideKafka } from './provide-kafka.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses, or why there is none. */
    kafka: { brokers: string[] } | { unavailable: string };
    clickhouse: { url: string; username: string; password: string };
  }
}

/** Starts Kafka and ClickHouse once for all tests that need them, says which it took, and ends them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
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
