/** Readers are so far behind that nothing more fits. Nothing of the send was taken: send it again later. */
export class StreamFullError extends Error {
  override readonly name = 'StreamFullError';
  readonly code = 'stream.full';

  constructor(bytesMax: number) {
    super(`a partition holds its ${bytesMax} bytes of records that are not done yet`);
  }
}
