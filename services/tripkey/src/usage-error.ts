/** The command was called in a way that cannot work; the message says what to do. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'cli.usage';
}
