import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kafkajsModule } from './internals.ts';
import { readRecordBatches } from './record-batch.ts';

interface Encoder {
  readonly buffer: Buffer;
}
interface MadeRecord {
  key: Buffer | null;
  value: Buffer | null;
  timestampDelta: number;
  offsetDelta: number;
  headers: Record<string, Buffer>;
}

const RecordOf = kafkajsModule<(record: object) => Encoder>('protocol/recordBatch/record/v0');
const { RecordBatch } = kafkajsModule<{ RecordBatch(options: object): Promise<Encoder> }>(
  'protocol/recordBatch/v0',
);
const noCodec = async () => {
  throw new Error('nothing is compressed here');
};

const bytes = fc.option(fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)));
const records = fc.array(
  fc.record<MadeRecord>({
    key: bytes,
    value: bytes,
    timestampDelta: fc.oneof(fc.nat(200), fc.nat()),
    offsetDelta: fc.nat(2 ** 20),
    headers: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.constant(Buffer.from('of a header'))),
  }),
  { maxLength: 20 },
);
const batches = fc.array(
  fc.record({
    records,
    firstOffset: fc.integer({ min: 0, max: 2 ** 40 }),
    firstTimestamp: fc.constantFrom(0, 1_772_445_600_000),
  }),
  { maxLength: 4 },
);

async function encode(list: typeof batches extends fc.Arbitrary<infer B> ? B : never): Promise<Buffer> {
  const encoded = list.map(async ({ records, ...first }) => {
    const made = records.map((record) => RecordOf(record));
    return (await RecordBatch({ ...first, maxTimestamp: first.firstTimestamp, records: made })).buffer;
  });
  return Buffer.concat(await Promise.all(encoded));
}

test('what kafkajs writes is read back, and what a fetch has cut off is left for the next one', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.nat(200), async (list, cutAt) => {
      const whole = await encode(list);
      const cut = (await encode(list.slice(0, 1))).subarray(0, cutAt);
      const isCut = cut.length < (await encode(list.slice(0, 1))).length;
      const read = await readRecordBatches(isCut ? Buffer.concat([whole, cut]) : whole, noCodec);
      const expected = list.flatMap(({ records, firstOffset, firstTimestamp }) =>
        records.map(({ key, value, timestampDelta, offsetDelta, headers }) => ({
          key,
          value,
          offset: BigInt(firstOffset + offsetDelta),
          timestamp: firstTimestamp + timestampDelta,
          headers: Object.fromEntries(Object.keys(headers).map((name) => [name, 'of a header'])),
        })),
      );
      expect(
        read.map(({ key, value, offset, timestamp, headers }) => ({
          key,
          value,
          offset,
          timestamp,
          headers,
        })),
      ).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('bytes that are no records end with an error, never in a loop', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 61, maxLength: 400 }), async (array) => {
      const garbage = Buffer.from(array);
      garbage.writeInt32BE(garbage.length - 12, 8);
      garbage.writeInt16BE(0, 21);
      garbage.writeInt32BE(5, 57);
      await readRecordBatches(garbage, noCodec).catch((error: unknown) => {
        expect(error).toBeInstanceOf(RangeError);
      });
    }),
  );
});
