import type { Message, Producer } from 'kafkajs';
import type { OutRecord, Sink } from '../broker.ts';

/**
 * Bytes of keys, values and headers in one request. Brokers refuse a batch above `max.message.bytes` (1 MiB unless
 * changed), and all records of a request may be of one partition and so one batch.
 */
const requestBytesMax = 768 * 1024;
/**
 * Records in one request. kafkajs copies all that came before for each record of a partition: 5,000 took 0.4 s,
 * 150,000 took three minutes.
 */
const requestRecordsMax = 1_000;
/** What the format adds to each record, at most, with short headers. */
const recordBytesExtra = 32;

/** Writes to one topic; every in-sync replica has the records when `send` resolves. */
export class KafkaSink implements Sink {
  readonly #topic: string;
  readonly #producer: () => Promise<Producer>;

  constructor(topic: string, producer: () => Promise<Producer>) {
    this.#topic = topic;
    this.#producer = producer;
  }

  async send(records: readonly OutRecord[]): Promise<void> {
    const producer = await this.#producer();
    for (const messages of requests(records)) await producer.send({ topic: this.#topic, acks: -1, messages });
  }
}

/** Cuts records into requests, in order. One that is too large by itself is sent alone: the broker has the last word. */
function* requests(records: readonly OutRecord[]): Generator<Message[]> {
  let messages: Message[] = [];
  let bytes = 0;
  for (const record of records) {
    const message = toMessage(record);
    const size = sizeOf(message);
    if (messages.length === requestRecordsMax || (messages.length > 0 && bytes + size > requestBytesMax)) {
      yield messages;
      messages = [];
      bytes = 0;
    }
    messages.push(message);
    bytes += size;
  }
  if (messages.length > 0) yield messages;
}

interface BinaryMessage extends Message {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

function toMessage({ key, value, headers }: OutRecord): BinaryMessage {
  return {
    key: toBuffer(key ?? null),
    value: toBuffer(value),
    ...(headers ? { headers: { ...headers } } : {}),
  };
}

function sizeOf({ key, value, headers = {} }: BinaryMessage): number {
  let bytes = recordBytesExtra + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, text] of Object.entries(headers))
    bytes += 8 + Buffer.byteLength(name) + Buffer.byteLength(String(text));
  return bytes;
}

function toBuffer(value: string | Uint8Array | null): Buffer | null {
  if (value === null) return null;
  return typeof value === 'string'
    ? Buffer.from(value)
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
