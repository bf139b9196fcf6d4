import type { Measurement } from '../measure/measurement.ts';
import { chaosAlerter } from './alerter/chaos-alerter.ts';
import { chaosIngest } from './ingest/chaos-ingest.ts';
import { chaosIngestOutage } from './ingest/chaos-ingest-outage.ts';

/** What survives being killed: `npm run chaos NAME`. */
export const chaos: readonly Measurement[] = [chaosAlerter, chaosIngest, chaosIngestOutage];
