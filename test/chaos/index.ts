import type { Measurement } from '../measure/measurement.ts';

/** What survives being killed: `npm run chaos NAME`. */
export const chaos: readonly Measurement[] = [];
