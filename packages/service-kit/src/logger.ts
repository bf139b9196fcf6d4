import { pino } from 'pino';

/** Structured log lines. `warn`: odd, nothing lost. `error`: somebody has to act. Never a secret, never a row. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

/** Field names that are censored wherever they stand in a log line. */
const redacted = [
  'token',
  'secret',
  'password',
  'authorization',
  'apiKey',
  'api_key',
  'signingSecret',
  'pepper',
];

/**
 * JSON lines on `destination` (standard error unless named: standard output belongs to what commands print).
 * The level comes from `level`, by default `info`.
 */
export function jsonLogger(options: {
  service: string;
  level?: string;
  destination?: number | string;
}): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: redacted.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: options.destination ?? 2, sync: true }),
  );
}
