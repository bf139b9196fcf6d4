// Questions that people ask of what is stored, by way of the API. They read, and stand in nobody's way.
export * from './incident-counts.ts';
export * from './incidents-page.ts';
export * from './key-book.ts';
export * from './key-detail.ts';
export * from './keys-page.ts';
export * from './operations-page.ts';
export * from './pipeline-health.ts';
export * from './rule-noise.ts';
export * from './usage-series.ts';
