import type { AdviceJson } from './advice.ts';
import type { FleetWindowsJson } from './fleet.ts';
import type { FleetErrorsJson } from './fleet-errors.ts';
import type { GatewaysJson } from './gateways.ts';
import type { Peers } from './peers.ts';
import type { SilenceSweep } from './silence-sweep.ts';
import type { SourcesJson } from './sources.ts';

/** What is remembered beyond single keys. */
export interface FleetJson {
  peers: ReturnType<Peers['toJSON']>;
  sources: SourcesJson;
  silence: ReturnType<SilenceSweep['toJSON']>;
  /** These are absent in what earlier releases saved. */
  gateways?: GatewaysJson;
  fleet?: FleetWindowsJson;
  advice?: AdviceJson;
  errors?: FleetErrorsJson;
  asleepBefore?: number;
  sleepWindow?: number;
  watchedSince: number;
}
