import { ClickHouseConfig, Retention } from '@tripkey/store';
import * as z from 'zod';

/** What `tripkey migrate` reads. */
export const MigrateConfig = z.object({
  clickhouse: ClickHouseConfig.prefault({}),
  retention: Retention.prefault({}),
});
