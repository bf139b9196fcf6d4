import { numeric, textList } from '@tripkey/service-kit';
import { ClickHouseConfig } from '@tripkey/store';
import { KafkaConnection } from '@tripkey/stream/kafka';
import * as z from 'zod';
import { shardsMax } from './shards/shard.ts';

export const DetectorConfig = z.object({
  kafka: KafkaConnection.extend({
    partitions: numeric().int().positive().default(6).describe('of topics that do not exist yet'),
  }).prefault({}),
  clickhouse: ClickHouseConfig.prefault({}),
  detector: z
    .object({
      tickMs: numeric().int().min(1_000).max(60_000).default(5_000).describe('length of a tick, ms'),
      shards: numeric()
        .int()
        .min(1)
        .max(shardsMax)
        .default(1)
        .describe('parts into which keys are shared by account, so that several detectors share the work'),
      leaseMs: numeric()
        .int()
        .min(1_000)
        .max(300_000)
        .default(10_000)
        .describe(
          'a detector that was not seen so long is taken for dead, and others take over its shards, ms',
        ),
      lessonDays: numeric()
        .int()
        .min(0)
        .max(365)
        .default(30)
        .describe('for how long a false positive teaches its key, days'),
      keysAwakeMax: numeric()
        .int()
        .positive()
        .default(500_000)
        .describe('keys whose states stay in memory, some 10 KB each; others are loaded when they are used'),
      holidays: textList()
        .pipe(z.array(z.string().regex(/^(\d{4}-)?\d{2}-\d{2}$/, 'a date such as 2026-12-25 or 12-25')))
        .default([])
        .describe('days on which rest is to be expected: 2026-12-25, or 12-25 of every year (UTC)'),
      rules: z.record(z.string(), z.unknown()).default({}).describe('parameters by rule id'),
    })
    .prefault({}),
  health: z.object({ port: numeric().int().min(0).max(65_535).default(9_102) }).prefault({}),
  log: z.object({ level: z.string().default('info') }).prefault({}),
});
export type DetectorConfig = z.infer<typeof DetectorConfig>;
