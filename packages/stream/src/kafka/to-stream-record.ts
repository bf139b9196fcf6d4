import type { KafkaMessage } from 'kafkajs';
import type { StreamRecord } from '../broker.ts';
import { FetchedRecord } from './kafkajs/record-batch.ts';

const noHeaders: Readonly<Record<string, string>> = {};

/** A message of kafkajs in our own terms: those of the old message format, from before Kafka 0.11, are not yet. */
export function toStreamRecord(message: KafkaMessage | FetchedRecord): StreamRecord {
  if (message instanceof FetchedRecord) return message;
  const { offset, key, value, timestamp } = message;
  return { offset: BigInt(offset), key, value, headers: noHeaders, timestamp: Number(timestamp) };
}
