/**
 * Small float arrays as text: a profile of 288 numbers takes 1.5 KB instead of 5 as JSON numbers. What goes out comes
 * back bit by bit, because profiles live in single precision.
 */
export function packFloats(values: Float32Array): string {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).toBase64();
}

/** @throws SyntaxError for text that is no base64, RangeError when it does not hold `length` floats */
export function unpackFloats(text: string, length: number): Float32Array {
  const bytes = Uint8Array.fromBase64(text);
  if (bytes.byteLength !== length * 4) {
    throw new RangeError(`a packed profile of ${bytes.byteLength} bytes, expected ${length * 4}`);
  }
  return new Float32Array(bytes.buffer);
}
