export { type Clock, repeat, systemClock } from './clock.ts';
export {
  ConfigError,
  flag,
  gatherConfig,
  numeric,
  parseYaml,
  readConfig,
  readYamlFile,
  textList,
  toYaml,
  yamlText,
} from './config.ts';
export { type HealthServer, healthRoutes, type Readiness, serveHealth } from './health.ts';
export { listen } from './listen.ts';
export { jsonLogger, type Logger } from './logger.ts';
export { Metrics } from './metrics.ts';
export {
  AddressRefusedError,
  createOutbound,
  type Outbound,
  OutboundConfig,
} from './outbound.ts';
export { type RetryOptions, retry } from './retry.ts';
export { runMain } from './run-main.ts';
export { hashSecret, secretFingerprint } from './secret-fingerprint.ts';
export { drop, type Outcome, pass, reject, type Stage } from './stage.ts';
export { stopSignal } from './stop-signal.ts';
export { openTracing, traceTo } from './tracing/open-tracing.ts';
export { type SpanFacts, type Tracing, traceparentHeader } from './tracing/tracing.ts';
export { isUnreachable, type Needed, waitFor } from './wait-for.ts';
