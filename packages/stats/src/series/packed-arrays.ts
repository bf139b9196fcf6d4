/**
 * Small arrays as text: a profile of 288 numbers takes 1.5 KB instead of 5 as JSON numbers. What goes out comes back
 * bit by bit, because profiles live in single precision and counts in bytes.
 */
export function pack(values: Float32Array | Uint8Array): string {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).toBase64();
}

/** @throws SyntaxError for text that is no base64, RangeError when it does not hold `length` floats */
export function unpackFloats(text: string, length: number): Float32Array {
  return new Float32Array(unpackCounts(text, length * 4).buffer);
}

/** @throws SyntaxError for text that is no base64, RangeError when it does not hold `length` bytes */
export function unpackCounts(text: string, length: number): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.fromBase64(text);
  if (bytes.byteLength !== length) {
    throw new RangeError(`a packed array of ${bytes.byteLength} bytes, expected ${length}`);
  }
  return bytes;
}
