/** A query that failed, as the engine and every ClickHouse client name it. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /** ClickHouse's number of the error. */
  readonly code: number;
  readonly status: number;

  /** @param message without the frame: `Code: 62. DB::Exception: … (SYNTAX_ERROR)` is put around it */
  constructor(code: number, type: string, message: string, status = statusOf(code)) {
    super(`Code: ${code}. DB::Exception: ${message} (${type})`);
    this.code = code;
    this.status = status;
  }
}

/** Error number 1002 is ClickHouse's own for what has no number. */
const unknownException = 1002;

/**
 * What the engine threw, as code, HTTP status and text. The engine frames a message once for each layer that it came
 * through; one frame is kept. `hidden` is a file name that the client did not choose and is not told.
 */
export function describeError(
  error: unknown,
  hidden?: string,
): { code: number; status: number; text: string } {
  let text = error instanceof Error ? error.message : String(error);
  for (;;) {
    const inner = text.replace(/^Code: \d+\. DB::Exception: (?=Code: \d+\. DB::Exception: )/, '');
    if (inner === text) break;
    text = inner.replace(/ \(version [^()]*\)\.?(?: \([A-Z_0-9]+\))?$/, '');
  }
  if (hidden !== undefined) text = text.replaceAll(hidden, 'the request body');
  const code = Number(/^Code: (\d+)\./.exec(text)?.[1] ?? unknownException);
  if (code === unknownException) text = `Code: ${code}. DB::Exception: ${text} (UNKNOWN_EXCEPTION)`;
  return { code, status: error instanceof QueryError ? error.status : statusOf(code), text };
}

const statuses: ReadonlyMap<number, number> = new Map([
  // What the client got wrong: syntax, types, values, parameters.
  ...[
    6, 26, 27, 36, 38, 41, 43, 53, 62, 63, 69, 70, 72, 117, 130, 131, 158, 179, 184, 190, 207, 215, 393,
  ].map((code) => [code, 400] as const),
  ...[441, 456, 457, 467].map((code) => [code, 400] as const),
  // What does not exist.
  ...[46, 47, 50, 56, 60, 73, 78, 79, 81, 115, 372].map((code) => [code, 404] as const),
  // What is not allowed.
  ...[164, 192, 193, 194, 291, 358, 482, 497, 516].map((code) => [code, 403] as const),
  [48, 501],
  [159, 408],
  [202, 503],
  [396, 413],
  [307, 413],
]);

/** The HTTP status for an error number: 500 for what is nobody's fault or the engine's. */
function statusOf(code: number): number {
  return statuses.get(code) ?? 500;
}
