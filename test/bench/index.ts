import type { Measurement } from '../measure/measurement.ts';
import { benchApi } from './api/bench-api.ts';
import { benchBudget } from './budget.ts';
import { benchConsole } from './console/bench-console.ts';
import { benchDetection } from './detection.ts';
import { benchDetector } from './detector/bench-detector.ts';
import { benchEnrichment } from './ingest/bench-enrichment.ts';
import { benchIngest } from './ingest/bench-ingest.ts';
import { benchLatency } from './latency.ts';
import { benchStore } from './store.ts';

/** How fast things are: `npm run bench NAME`. */
export const bench: readonly Measurement[] = [
  benchApi,
  benchBudget,
  benchConsole,
  benchDetection,
  benchDetector,
  benchEnrichment,
  benchIngest,
  benchLatency,
  benchStore,
];
