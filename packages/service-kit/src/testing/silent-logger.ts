import type { Logger } from '../logger.ts';

/** Swallows log lines; for tests that are not about them. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};
