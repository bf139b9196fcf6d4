import { kafkajsModule, replaceKafkajsModule } from './internals.ts';
import { readRecordBatches } from './record-batch.ts';

interface Decoder {
  readonly buffer: Buffer;
  readInt32(): number;
  canReadBytes(count: number): boolean;
  readBytes(count: number): Buffer;
}

interface Batch {
  firstOffset(): string | bigint | null;
  lastOffset(): string | bigint;
}

/** Where the magic byte stands in every version of the message format; 2 means record batches. */
const magicAt = 16;
const recordBatchMagic = 2;

/**
 * The trap: kafkajs spreads a record batch into the arguments of one call, so that a batch of about 125,000 records
 * (well compressed ones fit into 1 MB) overflows the stack whenever it is fetched: the consumer never gets past it
 * (https://github.com/tulios/kafkajs/pull/1723). And it makes a dozen objects of each record, which took longer than
 * everything that ingest does with it. The decoder that stands in its place here makes one.
 */
export function patchLargeBatches(): void {
  const DecoderOf = kafkajsModule<new (buffer: Buffer) => Decoder>('protocol/decoder');
  const decodeOldFormat = kafkajsModule<(decoder: Decoder, bytes: number) => Promise<unknown[]>>(
    'protocol/messageSet/decoder',
  );
  const { lookupCodecByAttributes } = kafkajsModule<{
    lookupCodecByAttributes(attributes: number): { decompress(compressed: Buffer): Promise<Buffer> };
  }>('protocol/message/compression');

  async function decodeMessages(decoder: Decoder): Promise<unknown[]> {
    const bytes = decoder.readInt32();
    if (bytes <= 0 || !decoder.canReadBytes(bytes)) return [];
    const messages = decoder.readBytes(bytes);
    if (messages.length <= magicAt) return [];
    if (messages.readInt8(magicAt) !== recordBatchMagic) {
      return await decodeOldFormat(new DecoderOf(messages), bytes);
    }
    return await readRecordBatches(messages, (compressed, codec) =>
      lookupCodecByAttributes(codec).decompress(compressed),
    );
  }
  replaceKafkajsModule('protocol/requests/fetch/v4/decodeMessages', decodeMessages);

  // Its log lines and events are written as JSON, which knows no bigint.
  const { prototype } = kafkajsModule<{ prototype: Batch }>('consumer/batch');
  const { firstOffset, lastOffset } = prototype;
  prototype.firstOffset = function (this: Batch) {
    const offset = firstOffset.call(this);
    return offset === null ? null : String(offset);
  };
  prototype.lastOffset = function (this: Batch) {
    return String(lastOffset.call(this));
  };
}
