import type { Measurement } from '../measure/measurement.ts';
import { chaosAlerter } from './alerter/chaos-alerter.ts';
import { chaosProperties } from './chaos-properties.ts';
import { chaosIngest } from './ingest/chaos-ingest.ts';
import { chaosIngestOutage } from './ingest/chaos-ingest-outage.ts';
import { chaosScaleOut } from './scale-out/chaos-scale-out.ts';

/** What survives what nobody planned: `npm run chaos NAME`. */
export const chaos: readonly Measurement[] = [
  chaosAlerter,
  chaosIngest,
  chaosIngestOutage,
  chaosScaleOut,
  chaosProperties,
];
