import type { Measurement } from '../measure/measurement.ts';

/** What holds over hours: `npm run soak`. */
export const soak: readonly Measurement[] = [];
