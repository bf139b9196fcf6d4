import { type Severity, severityRank, worse } from '@tripkey/contract';
import * as z from 'zod';

/** When findings are worth waking somebody, and how loudly. */
export const RiskSettings = z.strictObject({
  openAt: z.coerce.number().positive().default(3.75).describe('risk from which an incident opens'),
  highAt: z.coerce.number().positive().default(7),
  criticalAt: z.coerce
    .number()
    .positive()
    .default(11)
    .describe('needs two signal groups: one measure alone, however extreme, is not certain'),
  halfLifeMs: z.coerce
    .number()
    .positive()
    .default(6 * 3_600_000)
    .describe('after this time a finding counts half'),
});
export type RiskSettings = z.infer<typeof RiskSettings>;

/** What risk needs to know of a finding. */
export interface Signal {
  readonly ruleId: string;
  /** -log10 of the tail probability. */
  readonly score: number;
  readonly severity: Severity;
  /** When it was detected, epoch ms. */
  readonly at: number;
}

/**
 * Risk of a subject: the sum, over signal groups, of the group's best score, halved with every half-life.
 *
 * Scores are -log10 of tail probabilities, so adding them multiplies the probabilities (Fisher 1925, the sum of
 * logarithms) which is right for independent tests only. Rules of one group look at the same thing, so only the
 * best of a group counts; a rule that no table knows is a group of its own.
 */
export function riskOf(
  signals: Iterable<Signal>,
  at: number,
  groups: ReadonlyMap<string, string>,
  { halfLifeMs }: Pick<RiskSettings, 'halfLifeMs'>,
): number {
  let risk = 0;
  for (const score of bestByGroup(signals, at, groups, halfLifeMs).values()) risk += score;
  return Math.round(risk * 1000) / 1000;
}

/**
 * How much each signal contributes to the risk, 0 to 1: the best of its group counts whole, the others of the group not
 * at all. In the order of `signals`.
 */
export function shareOfRisk(
  signals: readonly Signal[],
  at: number,
  groups: ReadonlyMap<string, string>,
  settings: RiskSettings,
): number[] {
  const risk = riskOf(signals, at, groups, settings);
  const spoken = new Set<string>();
  const weight = (signal: Signal) => riskOf([signal], at, groups, settings);
  const shares = new Map<Signal, number>();
  for (const signal of signals.toSorted((a, b) => weight(b) - weight(a))) {
    const group = groups.get(signal.ruleId) ?? signal.ruleId;
    shares.set(signal, spoken.has(group) || risk === 0 ? 0 : weight(signal) / risk);
    spoken.add(group);
  }
  return signals.map((signal) => shares.get(signal) ?? 0);
}

/** Severity by risk and by the worst finding, whichever is worse; never under `medium`, since people are told. */
export function severityOfRisk(
  signals: readonly Signal[],
  at: number,
  groups: ReadonlyMap<string, string>,
  settings: RiskSettings,
): Severity {
  const best = bestByGroup(signals, at, groups, settings.halfLifeMs);
  const risk = riskOf(signals, at, groups, settings);
  const byRisk =
    risk >= settings.criticalAt && best.size >= 2 ? 'critical' : risk >= settings.highAt ? 'high' : 'medium';
  return signals.reduce<Severity>((severity, signal) => worse(severity, signal.severity), byRisk);
}

/** Whether these signals are worth an incident. */
export function isWorthAnIncident(
  signals: readonly Signal[],
  at: number,
  groups: ReadonlyMap<string, string>,
  settings: RiskSettings,
): boolean {
  if (signals.some((signal) => severityRank(signal.severity) >= severityRank('critical'))) return true;
  return riskOf(signals, at, groups, settings) >= settings.openAt;
}

function bestByGroup(
  signals: Iterable<Signal>,
  at: number,
  groups: ReadonlyMap<string, string>,
  halfLifeMs: number,
): Map<string, number> {
  const best = new Map<string, number>();
  for (const signal of signals) {
    const group = groups.get(signal.ruleId) ?? signal.ruleId;
    const score = signal.score * 2 ** (-Math.max(0, at - signal.at) / halfLifeMs);
    best.set(group, Math.max(best.get(group) ?? 0, score));
  }
  return best;
}
