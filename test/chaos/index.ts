import type { Measurement } from '../measure/measurement.ts';
import { chaosAlerter } from './alerter/chaos-alerter.ts';
import { chaosIngest } from './ingest/chaos-ingest.ts';
import { chaosIngestOutage } from './ingest/chaos-ingest-outage.ts';
import { chaosScaleOut } from './scale-out/chaos-scale-out.ts';

/** What survives being killed: `npm run chaos NAME`. */
export const chaos: readonly Measurement[] = [chaosAlerter, chaosIngest, chaosIngestOutage, chaosScaleOut];
