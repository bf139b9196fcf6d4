import type { Disturbance } from './disturbance.ts';
import { outages, swells, troubles } from './fleet.ts';
import { forgottenClients, handTests, hostMoves } from './owners.ts';
import { agentUpgrades, integrationChanges, releases } from './releases.ts';

/** Those that make calls come last: the calls show what the others changed. */
export const disturbances: Readonly<Record<string, Disturbance>> = {
  swells,
  outages,
  troubles,
  releases,
  agentUpgrades,
  integrationChanges,
  hostMoves,
  handTests,
  forgottenClients,
};
