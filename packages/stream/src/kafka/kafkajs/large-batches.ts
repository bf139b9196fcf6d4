import { kafkajsModule, replaceKafkajsModule } from './internals.ts';

interface Decoder {
  readonly buffer: Buffer;
  readInt32(): number;
  canReadBytes(count: number): boolean;
  readBytes(count: number): Buffer;
}

type Decode<T> = (decoder: Decoder, bytes?: number) => Promise<T>;

/** Where the magic byte stands in every version of the message format; 2 means record batches. */
const magicAt = 16;
const recordBatchMagic = 2;
/** Bytes that a record batch has at least. */
const recordBatchBytesMin = 49;

/**
 * The trap: kafkajs spreads a record batch into the arguments of one call, so that a batch of about 125,000 records
 * (well compressed ones fit into 1 MB) overflows the stack whenever it is fetched: the consumer never gets past it
 * (https://github.com/tulios/kafkajs/pull/1723). This decoder of a fetched partition appends one by one.
 */
export function patchLargeBatches(): void {
  const DecoderOf = kafkajsModule<new (buffer: Buffer) => Decoder>('protocol/decoder');
  const decodeOldFormat = kafkajsModule<Decode<unknown[]>>('protocol/messageSet/decoder');
  const decodeRecordBatch = kafkajsModule<Decode<{ records: unknown[] }>>('protocol/recordBatch/v0/decoder');

  async function decodeMessages(decoder: Decoder): Promise<unknown[]> {
    const bytes = decoder.readInt32();
    if (bytes <= 0 || !decoder.canReadBytes(bytes)) return [];
    const messages = decoder.readBytes(bytes);
    const inside = new DecoderOf(messages);
    if (messages.readInt8(magicAt) !== recordBatchMagic) return decodeOldFormat(inside, bytes);
    const records: unknown[] = [];
    while (inside.canReadBytes(recordBatchBytesMin)) {
      try {
        for (const record of (await decodeRecordBatch(inside)).records) records.push(record);
      } catch (error) {
        // A fetch ends at its limit of bytes, often in the middle of a batch; the rest comes with the next one.
        if ((error as Error).name === 'KafkaJSPartialMessageError') break;
        throw error;
      }
    }
    return records;
  }

  replaceKafkajsModule('protocol/requests/fetch/v4/decodeMessages', decodeMessages);
}
