/** The demo in parts, for tests that play it themselves. */
export { openInstallation } from '../embedded/installation.ts';
export { openSystem, type System } from '../embedded/open-system.ts';
export { loadHistory } from './load-history.ts';
export { callerWith, playBusiness, playOwner, playThief } from './players.ts';
export { openStage, type Stage } from './stage.ts';
export { thief, victim } from './victim.ts';
