import type { Measurement } from '../measure/measurement.ts';
import { soakAll } from './soak.ts';

/** What holds over hours: `npm run soak`. */
export const soak: readonly Measurement[] = [soakAll];
