export { eventually } from './eventually.ts';
export { KeptSpans } from './kept-spans.ts';
export { ManualClock } from './manual-clock.ts';
export { silentLogger } from './silent-logger.ts';
