export { type Baseline, readBaseline } from './baseline.ts';
export { DetectorConfig } from './config.ts';
export { DecisionBook } from './decision-book.ts';
export { type DetectorParts, detector } from './detector.ts';
export type { Activity, Tick } from './engine/activity.ts';
export { Engine } from './engine/engine.ts';
export { isGranted } from './engine/grant.ts';
export { readTicks } from './read-activity.ts';
export { type Difference, type Reproduction, reproduce } from './reproduce.ts';
