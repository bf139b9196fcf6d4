export { type Authorize, acceptTokensAnd } from './accept-tokens.ts';
export { IngestConfig } from './config.ts';
export type { ConsumeParts } from './consume.ts';
export { type DeadLetter, deadLetterKey } from './dead-letter.ts';
export { createEnricher, type Enricher } from './enrich/enricher.ts';
export { type IpDatabase, openIpDatabase } from './enrich/ip-database.ts';
export { refreshRegularly } from './enrich/refresh-regularly.ts';
export { isSecretKeyId } from './firewall/secret-firewall.ts';
export { unknownKeyId } from './formats/gateway-format.ts';
export { createHeartbeatReader, type HeartbeatReader } from './heartbeats/heartbeat-reader.ts';
export { watchGateways } from './heartbeats/watch-gateways.ts';
export { type HistoryEvent, type HistoryParts, type HistoryStored, storeHistory } from './history.ts';
export { createHttpIngest, type HttpIngest, type HttpIngestParts, httpTopic } from './http.ts';
export { type IngestParts, ingest } from './ingest.ts';
export { type ConsumeKeysParts, consumeKeys, importKeys } from './keys.ts';
export { createLeakFindings, type LeakFindings, type LeakFindingsParts } from './leak-findings.ts';
export { createPipeline, type Leak, type Pipeline, type PipelineParts, type Taken } from './pipeline.ts';
export { PipelineConfig, pipelineOptions } from './pipeline-config.ts';
export { TooManyRejectedError } from './reject-guard.ts';
export { type KeptLetter, type Replayed, replayDeadLetters } from './replay-dead-letters.ts';
export { foldRegularly } from './rollups/fold-regularly.ts';
export { countFaults, type VerifyRegularlyParts, verifyRegularly } from './verify/verify-regularly.ts';
export {
  type PartitionReport,
  type VerifyOptions,
  type VerifyReport,
  verifyStore,
} from './verify/verify-store.ts';
