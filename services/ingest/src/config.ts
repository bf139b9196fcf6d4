import { numeric, textList } from '@tripkey/service-kit';
import { ClickHouseConfig } from '@tripkey/store';
import * as z from 'zod';
import { batchDefaults, rejectDefaults } from './consume.ts';

const positive = () => numeric().int().positive();

/** What the pipeline needs to know; also part of the all-in-one process's configuration. */
export const PipelineConfig = z.object({
  pepper: z
    .string()
    .min(16)
    .describe('secret of this installation, from 16 characters; what looks like a secret is hashed with it'),
  ipDatabases: textList()
    .default([])
    .describe('mmdb files with country and autonomous system; none: the one that is installed, country only'),
  ageDaysMax: positive().default(400).describe('older events are rejected'),
});
export type PipelineConfig = z.infer<typeof PipelineConfig>;

export const IngestConfig = z.object({
  kafka: z
    .object({
      brokers: textList().default(['127.0.0.1:9092']),
      group: z.string().min(1).default('tripkey-ingest'),
      partitions: positive().default(6).describe('of topics that do not exist yet'),
    })
    .prefault({}),
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
  bufferedBytesMax: positive().default(256 * 2 ** 20),
  health: z.object({ port: numeric().int().min(0).max(65_535).default(9_101) }).prefault({}),
  log: z.object({ level: z.string().default('info') }).prefault({}),
});
export type IngestConfig = z.infer<typeof IngestConfig>;
