import type { KafkaMessage } from 'kafkajs';
import type { StreamRecord } from '../broker.ts';

const noHeaders: Readonly<Record<string, string>> = {};

/** A message of kafkajs in our own terms. Of a header that occurs several times the last one counts. */
export function toStreamRecord({ offset, key, value, headers, timestamp }: KafkaMessage): StreamRecord {
  return {
    offset: BigInt(offset),
    key,
    value,
    headers: headers ? readHeaders(headers) : noHeaders,
    timestamp: Number(timestamp),
  };
}

function readHeaders(headers: NonNullable<KafkaMessage['headers']>): Record<string, string> {
  const read: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) read[name] = String(last);
  }
  return read;
}
