import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import { decompressFrameSync } from 'lz4-napi';
import { uncompressSync } from 'snappy';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** What a record batch may become when it is decompressed: a batch of 1 MB of zeros must not fill the memory. */
const decompressedBytesMax = 256 * 2 ** 20;
// The default of 16 KiB pieces costs a copy for each; sync, because the asynchronous calls are cut up as well.
const zlibOptions = { chunkSize: 2 ** 20, maxOutputLength: decompressedBytesMax };

/**
 * Teaches kafkajs to read every compression that producers use: it brings gzip alone, and slowly. We write
 * uncompressed, so nothing here compresses.
 */
export function readAllCodecs(): void {
  CompressionCodecs[CompressionTypes.GZIP] = reading((compressed) => gunzipSync(compressed, zlibOptions));
  CompressionCodecs[CompressionTypes.ZSTD] = reading((compressed) =>
    zstdDecompressSync(compressed, zlibOptions),
  );
  CompressionCodecs[CompressionTypes.LZ4] = reading(decompressFrameSync);
  CompressionCodecs[CompressionTypes.Snappy] = reading(readSnappy);
}

function reading(decompress: (compressed: Buffer) => Buffer) {
  return () => ({
    compress: async () => {
      throw new Error('tripkey writes its records uncompressed');
    },
    decompress: async (compressed: Buffer) => decompress(compressed),
  });
}

/** First bytes of what Java producers write: a header of 16 bytes, then blocks with their length before each. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;

/** Reads the framing of snappy-java, and one bare block, as librdkafka writes it. */
function readSnappy(compressed: Buffer): Buffer {
  if (!compressed.subarray(0, xerialMagic.length).equals(xerialMagic)) return block(compressed);
  const blocks: Buffer[] = [];
  for (let at = xerialHeaderBytes; at < compressed.length; ) {
    const bytes = compressed.readInt32BE(at);
    blocks.push(block(compressed.subarray(at + 4, at + 4 + bytes)));
    at += 4 + bytes;
  }
  return Buffer.concat(blocks);
}

function block(compressed: Buffer): Buffer {
  return uncompressSync(compressed) as Buffer;
}
