import { randomBytes } from 'node:crypto';
import { describe, inject } from 'vitest';

/** `describe` for tests that need Kafka; skipped, loudly, where none can be had. */
export const describeWithKafka = describe.skipIf('unavailable' in (inject('kafka') ?? { unavailable: '' }));

/** `describe` for tests that start a broker of their own to kill it; skipped, loudly, where that cannot be. */
export const describeWithOwnKafka = describe.skipIf(inject('ownKafkaUnavailable') !== null);

/** Addresses of the Kafka that the harness provides. @throws when there is none. */
export function kafkaBrokers(): string[] {
  const kafka = inject('kafka');
  if ('unavailable' in kafka) throw new Error(kafka.unavailable);
  return kafka.brokers;
}

/** A ClickHouse of the harness with a database of its own name, as `openStore` and `migrate` take it. */
export function clickHouseConfig() {
  return {
    ...inject('clickhouse'),
    database: uniqueName('test').replaceAll('-', '_'),
    requestTimeoutMs: 60_000,
  };
}

/** A name that no other test has. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}

export { freePorts } from './free-port.ts';
export type { KafkaBroker } from './kafka-broker.ts';
export type { Certificates } from './make-certificates.ts';
export { makeCertificates } from './make-certificates.ts';
export { startOwnKafka } from './start-own-kafka.ts';
