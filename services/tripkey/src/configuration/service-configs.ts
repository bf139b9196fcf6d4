import { AlerterConfig } from '@tripkey/alerter';
import { ApiConfig } from '@tripkey/api';
import { DetectorConfig } from '@tripkey/detector';
import { IngestConfig } from '@tripkey/ingest';
import type * as z from 'zod';
import { MigrateConfig } from './migrate-config.ts';

/** What each process reads of the one file that all of them share. */
export const serviceConfigs = {
  ingest: IngestConfig,
  detector: DetectorConfig,
  alerter: AlerterConfig,
  api: ApiConfig,
  migrate: MigrateConfig,
} as const satisfies Record<string, z.ZodType>;
export type ServiceName = keyof typeof serviceConfigs;
export const serviceNames = Object.keys(serviceConfigs) as ServiceName[];
