import { numeric, textList } from '@tripkey/service-kit';
import { ClickHouseConfig } from '@tripkey/store';
import { KafkaConnection } from '@tripkey/stream/kafka';
import * as z from 'zod';
import { batchDefaults, rejectDefaults } from './consume.ts';
import { PipelineConfig } from './pipeline-config.ts';

const positive = () => numeric().int().positive();
const sha256 = /^[0-9a-f]{64}$/i;

/** The HTTP door. It is open when it has a port. */
export const HttpConfig = z.object({
  port: numeric()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('where POST /v1/events and /v1/heartbeats are served; without it nowhere'),
  host: z.string().default('0.0.0.0'),
  emitToken: z
    .string()
    .min(16)
    .optional()
    .describe('a token that gateways send, as a secret file; beside those made with the scope emit'),
  emitTokenHashes: textList()
    .default([])
    .describe('SHA-256 of more tokens that may emit, in hex')
    .refine((hashes) => hashes.every((hash) => sha256.test(hash)), 'each must be a SHA-256 in hex'),
  partition: numeric()
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe('number of this instance: each that has the door open needs its own, and keeps it'),
  bodyBytesMax: positive().default(10 * 2 ** 20),
});
export type HttpConfig = z.infer<typeof HttpConfig>;

export const IngestConfig = z.object({
  kafka: KafkaConnection.extend({
    group: z.string().min(1).default('tripkey-ingest'),
    partitions: positive().default(6).describe('of topics that do not exist yet'),
    sessionTimeoutMs: positive()
      .min(3_000)
      .default(30_000)
      .describe('a member that is silent for so long has lost its partitions'),
  }).prefault({}),
  clickhouse: ClickHouseConfig.prefault({}),
  pipeline: PipelineConfig,
  batch: z
    .object({
      rowsMax: positive().max(500_000).default(batchDefaults.rowsMax),
      bytesMax: positive().default(batchDefaults.bytesMax),
      ageMsMax: positive().default(batchDefaults.ageMsMax),
    })
    .prefault({}),
  rejects: z
    .object({
      ratioMax: numeric().min(0).max(1).default(rejectDefaults.ratioMax),
      elements: positive().default(rejectDefaults.elements),
      consecutiveMax: positive().default(rejectDefaults.consecutiveMax),
    })
    .prefault({}),
  verify: z
    .object({
      everyMinutes: numeric()
        .int()
        .min(0)
        .default(60)
        .describe('how often what is stored is checked and repaired; 0: never'),
    })
    .prefault({}),
  http: HttpConfig.prefault({}),
  bufferedBytesMax: positive().default(256 * 2 ** 20),
  health: z.object({ port: numeric().int().min(0).max(65_535).default(9_101) }).prefault({}),
  log: z.object({ level: z.string().default('info') }).prefault({}),
});
export type IngestConfig = z.infer<typeof IngestConfig>;
