/** The answer has more bytes than anything in the contract can have. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/**
 * The text of a response's body, read no further than `bytesMax`.
 * @throws {TooLargeError} when there is more; the connection is given up then.
 * @throws what the connection throws, and `TypeError` when the bytes are not UTF-8
 */
export async function readBounded(response: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early cancels the body.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new TooLargeError(`more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}
