import { numeric } from '@tripkey/service-kit';
import { ClickHouseConfig } from '@tripkey/store';
import { KafkaConnection } from '@tripkey/stream/kafka';
import * as z from 'zod';
import { batchDefaults, rejectDefaults } from './consume.ts';
import { PipelineConfig } from './pipeline-config.ts';

const positive = () => numeric().int().positive();

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
  bufferedBytesMax: positive().default(256 * 2 ** 20),
  health: z.object({ port: numeric().int().min(0).max(65_535).default(9_101) }).prefault({}),
  log: z.object({ level: z.string().default('info') }).prefault({}),
});
export type IngestConfig = z.infer<typeof IngestConfig>;
