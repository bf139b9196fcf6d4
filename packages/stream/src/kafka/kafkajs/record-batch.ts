import type { StreamRecord, ValueWithin } from '../../broker.ts';

/** Bytes of a record batch up to its records. */
const headBytes = 61;
/** Bytes before what the batch's length counts. */
const lengthEnd = 12;

const codecMask = 0x07;
const logAppendTimeFlag = 0x08;
const transactionalFlag = 0x10;
const controlFlag = 0x20;

const noHeaders: Readonly<Record<string, string>> = {};

/** What the records of a batch have in common, under the names by which kafkajs filters them. */
export class RecordBatch {
  /** Where keys and values lie. */
  readonly bytes: Buffer;
  readonly producerId: string;
  readonly inTransaction: boolean;
  readonly isControlBatch: boolean;

  constructor(bytes: Buffer, producerId: string, attributes: number) {
    this.bytes = bytes;
    this.producerId = producerId;
    this.inTransaction = (attributes & transactionalFlag) !== 0;
    this.isControlBatch = (attributes & controlFlag) !== 0;
  }
}

/**
 * A record as it lies in the bytes of a fetch, for us and for kafkajs alike. Its key and its value are cut out when
 * they are asked for: a view of bytes costs more than everything else about a record.
 */
export class FetchedRecord implements StreamRecord, ValueWithin {
  readonly offset: bigint;
  readonly timestamp: number;
  headers: Readonly<Record<string, string>> = noHeaders;
  readonly batchContext: RecordBatch;
  keyFrom = 0;
  /** Below zero: there is none. */
  keyLength = -1;
  valueFrom = 0;
  /** Below `valueFrom`: there is none. */
  valueTo = -1;

  constructor(batch: RecordBatch, offset: bigint, timestamp: number) {
    this.batchContext = batch;
    this.offset = offset;
    this.timestamp = timestamp;
  }

  get isControlRecord(): boolean {
    return this.batchContext.isControlBatch;
  }

  get key(): Buffer | null {
    const { keyFrom, keyLength } = this;
    return keyLength < 0 ? null : this.batchContext.bytes.subarray(keyFrom, keyFrom + keyLength);
  }

  get value(): Buffer | null {
    const { valueFrom, valueTo } = this;
    return valueTo < valueFrom ? null : this.batchContext.bytes.subarray(valueFrom, valueTo);
  }

  get valueWithin(): ValueWithin | null {
    return this.valueTo < this.valueFrom ? null : this;
  }

  get bytes(): Buffer {
    return this.batchContext.bytes;
  }
}

/**
 * Reads the record batches (message format 2) of one partition's fetch. A batch that the fetch has cut off is left
 * for the next one.
 * @param decompress by the number of a codec; 0 is never asked for
 * @throws RangeError when the bytes are no record batches
 */
export async function readRecordBatches(
  fetched: Buffer,
  decompress: (compressed: Buffer, codec: number) => Promise<Buffer>,
): Promise<FetchedRecord[]> {
  const records: FetchedRecord[] = [];
  for (let at = 0; at + headBytes <= fetched.length; ) {
    const end = at + lengthEnd + fetched.readInt32BE(at + 8);
    if (end > fetched.length) break;
    const attributes = fetched.readInt16BE(at + 21);
    const codec = attributes & codecMask;
    const plain = fetched.subarray(at + headBytes, end);
    const bytes = codec === 0 ? plain : await decompress(plain, codec);
    const batch = new RecordBatch(bytes, String(fetched.readBigInt64BE(at + 43)), attributes);
    const count = fetched.readInt32BE(at + 57);
    const maxTimestamp = Number(fetched.readBigInt64BE(at + 35));
    const appended = (attributes & logAppendTimeFlag) !== 0 ? maxTimestamp : null;
    readRecords(batch, count, records, {
      offset: Number(fetched.readBigInt64BE(at)),
      timestamp: Number(fetched.readBigInt64BE(at + 27)),
      appended,
    });
    at = end;
  }
  return records;
}

function readRecords(
  batch: RecordBatch,
  count: number,
  into: FetchedRecord[],
  first: { offset: number; timestamp: number; appended: number | null },
): void {
  const reader = new VarintReader(batch.bytes);
  for (let i = 0; i < count; i++) {
    const length = reader.next();
    const end = reader.at + length;
    if (length < 0 || end > batch.bytes.length) throw new RangeError('a record goes beyond its batch');
    reader.at++; // attributes of a record: there are none so far
    const timestamp = first.timestamp + reader.next();
    const offset = BigInt(first.offset + reader.next());
    const record = new FetchedRecord(batch, offset, first.appended ?? timestamp);
    record.keyLength = reader.next();
    record.keyFrom = reader.skip(record.keyLength);
    const valueLength = reader.next();
    record.valueFrom = reader.skip(valueLength);
    record.valueTo = record.valueFrom + valueLength;
    const headers = reader.next();
    if (headers > 0) record.headers = readHeaders(reader, headers);
    reader.at = end;
    into.push(record);
  }
}

/** Of a header that occurs several times the last one counts; one without a value is none. */
function readHeaders(reader: VarintReader, count: number): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i < count; i++) {
    const name = reader.text(reader.next());
    const length = reader.next();
    if (length >= 0) headers[name] = reader.text(length);
  }
  return headers;
}

/** Numbers as Kafka writes them: seven bits a byte, the lowest first, the sign in the lowest bit. */
class VarintReader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @throws RangeError beyond the end */
  next(): number {
    const bytes = this.#bytes;
    const first = bytes[this.at++]!;
    // Most: one byte.
    if (first < 128) return (first >>> 1) ^ -(first & 1);
    let value = first & 127;
    let unit = 128;
    for (;;) {
      const byte = bytes[this.at++];
      if (byte === undefined || unit > 2 ** 63) throw new RangeError('a number goes beyond its batch');
      value += (byte & 127) * unit;
      if (byte < 128) break;
      unit *= 128;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Goes past so many bytes; @returns where they begin */
  skip(length: number): number {
    const from = this.at;
    if (length > 0) this.at += length;
    return from;
  }

  text(length: number): string {
    const from = this.skip(length);
    return this.#bytes.toString('utf8', from, this.at);
  }
}
