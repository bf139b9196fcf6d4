import { RiskSettings } from '../incident/risk.ts';

/** Thresholds for tests, so that they say the same whatever the defaults are tuned to. */
export const fixedRisk: RiskSettings = RiskSettings.parse({ openAt: 6, highAt: 9, criticalAt: 14 });
