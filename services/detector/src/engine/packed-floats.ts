/** Floats as text that comes back bit by bit, in a third of the place that they take as JSON numbers. */
export function packFloats(values: Float32Array): string {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).toBase64();
}

/**
 * @param packed text of `packFloats`, or the numbers themselves
 * @throws SyntaxError for text that is no base64, RangeError when it does not hold `length` floats
 */
export function unpackFloats(packed: string | readonly number[], length: number): Float32Array<ArrayBuffer> {
  const values =
    typeof packed === 'string'
      ? new Float32Array(Uint8Array.fromBase64(packed).buffer)
      : Float32Array.from(packed);
  if (values.length !== length) throw new RangeError(`${values.length} packed floats, expected ${length}`);
  return values;
}
