import type { KafkaConfig } from 'kafkajs';

/** How to reach Kafka, and bounds of the protocol; the defaults suit production. */
export interface KafkaOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: KafkaConfig['sasl'];
  readonly log?: KafkaLog;
  /** How often a request or a connection is tried again before its error is told. Default: 8, about half a minute. */
  readonly retriesMax?: number;
  /** Whether the broker drops what a retried request of ours sends twice; costs overlapping requests. Default: no. */
  readonly idempotent?: boolean;
  /** A member silent for so long has lost its partitions. */
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
  readonly heartbeatMs?: number;
  /** Longest wait of a fetch for `bytesMin`. */
  readonly waitMsMax?: number;
  readonly bytesMin?: number;
  readonly partitionBytesMax?: number;
  readonly bytesMax?: number;
}

/** Where kafkajs's own log lines go. */
export interface KafkaLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export type KafkaSettings = Required<
  Omit<KafkaOptions, 'brokers' | 'clientId' | 'ssl' | 'sasl' | 'log' | 'retriesMax' | 'idempotent'>
>;

export function kafkaSettings(options: KafkaOptions): KafkaSettings {
  return {
    sessionTimeoutMs: options.sessionTimeoutMs ?? 30_000,
    rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 60_000,
    heartbeatMs: options.heartbeatMs ?? 3_000,
    waitMsMax: options.waitMsMax ?? 500,
    bytesMin: options.bytesMin ?? 1,
    partitionBytesMax: options.partitionBytesMax ?? 1 * 1024 * 1024,
    bytesMax: options.bytesMax ?? 8 * 1024 * 1024,
  };
}
