/**
 * Why the embedded engine did not start.
 *
 * - `platform_unsupported`: there is no engine library for this platform, or it was not installed.
 * - `folder_in_use`: another process holds the data folder; the message names both.
 * - `port_in_use`: the port belongs to somebody else.
 * - `engine_failed`: anything else, with the engine's own words.
 */
export type EmbeddedErrorCode = 'platform_unsupported' | 'folder_in_use' | 'port_in_use' | 'engine_failed';

export class EmbeddedClickHouseError extends Error {
  override readonly name = 'EmbeddedClickHouseError';
  readonly code: EmbeddedErrorCode;

  constructor(code: EmbeddedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
