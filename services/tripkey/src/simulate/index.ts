export { type AttackKind, attackKinds } from './attacks/kinds.ts';
export type { Arrival } from './gateway/delivery.ts';
export type { Benign, Incident, Labels } from './labels.ts';
export { type LiveOptions, type LiveTraffic, liveTraffic, type Theft } from './live-traffic.ts';
export type { SimulationOptions } from './options.ts';
export { type Simulation, simulate } from './simulate.ts';
export { type OnProgress, type WrittenSimulation, writeSimulation } from './write-simulation.ts';
