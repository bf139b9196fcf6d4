import type { Severity } from '@tripkey/contract';
import type * as z from 'zod';
import type { AdviceFacts } from './advice-facts.ts';
import type { KeyFacts, LeakFacts, SourceFacts } from './facts.ts';
import type { FleetFacts, GatewayFacts } from './fleet-facts.ts';

type Scalar = string | number | boolean | null;

/** Which kind of signal a rule gives; findings of one group say much the same and are not added up. */
export const signalGroups = [
  'volume',
  'endpoints',
  'grant',
  'source',
  'errors',
  'lifecycle',
  'completeness',
] as const;
export type SignalGroup = (typeof signalGroups)[number];

export type Verdict =
  | {
      readonly kind: 'fire';
      /** -log10 of the chance to see this, or worse, in a benign stretch of such a key; `tripkey calibrate` compares. */
      readonly score: number;
      readonly severity: Severity;
      readonly observed: Record<string, Scalar | Scalar[]>;
      readonly expected: Record<string, Scalar | Scalar[]>;
      /** Nearest value of the decisive figure that would have stayed quiet. */
      readonly quietAt?: Scalar;
      readonly samples?: Record<string, Scalar>[];
      /** Which of its stories a rule tells that has several: having told one keeps it from repeating that one only. */
      readonly story?: string;
    }
  | { readonly kind: 'quiet' }
  | { readonly kind: 'cannot-tell'; readonly reason: string };

/** What is the same for every rule, whatever it judges. */
export interface RuleOf<Facts, P extends z.ZodType = z.ZodType> {
  /** Folder, metric label and page title. */
  readonly id: string;
  /** Raised when equal facts may give another verdict than before. */
  readonly version: number;
  readonly title: string;
  readonly group: SignalGroup;
  /** MITRE ATT&CK techniques. */
  readonly attack: readonly string[];
  /** OWASP API Security Top 10 (2023) ids. */
  readonly owasp: readonly string[];
  readonly params: P;
  evaluate(facts: Facts, params: z.infer<P>): Verdict;
}

/** A rule that judges a key. */
export type Rule<P extends z.ZodType = z.ZodType> = RuleOf<KeyFacts, P>;

/** A rule that judges a client address. */
export type SourceRule<P extends z.ZodType = z.ZodType> = RuleOf<SourceFacts, P>;

/** A rule that judges a gateway. */
export type GatewayRule<P extends z.ZodType = z.ZodType> = RuleOf<GatewayFacts, P>;

/** A rule that judges what all keys do together. */
export type FleetRule<P extends z.ZodType = z.ZodType> = RuleOf<FleetFacts, P>;

/** A rule that advises how a key is kept; it is asked once a day, and says it with score 0: advice wakes nobody. */
export type AdviceRule<P extends z.ZodType = z.ZodType> = RuleOf<AdviceFacts, P>;

/** A rule that judges what somebody outside reported about a key. */
export type ReportRule<P extends z.ZodType = z.ZodType> = RuleOf<LeakFacts, P>;

export function defineRule<P extends z.ZodType>(rule: Rule<P>): Rule<P> {
  return rule;
}

export function defineSourceRule<P extends z.ZodType>(rule: SourceRule<P>): SourceRule<P> {
  return rule;
}

export function defineReportRule<P extends z.ZodType>(rule: ReportRule<P>): ReportRule<P> {
  return rule;
}

export function defineGatewayRule<P extends z.ZodType>(rule: GatewayRule<P>): GatewayRule<P> {
  return rule;
}

export function defineFleetRule<P extends z.ZodType>(rule: FleetRule<P>): FleetRule<P> {
  return rule;
}

export function defineAdviceRule<P extends z.ZodType>(rule: AdviceRule<P>): AdviceRule<P> {
  return rule;
}

export const quiet: Verdict = { kind: 'quiet' };
export const cannotTell = (reason: string): Verdict => ({ kind: 'cannot-tell', reason });
export const fire = (verdict: Omit<Extract<Verdict, { kind: 'fire' }>, 'kind'>): Verdict => ({
  kind: 'fire',
  ...verdict,
});

/** Severity from a score by the steps that all rules share; `most` caps it. */
export function severityOf(score: number, most: Severity = 'critical'): Severity {
  const order: Severity[] = ['info', 'low', 'medium', 'high', 'critical'];
  const step = score >= 14 ? 4 : score >= 9 ? 3 : score >= 6 ? 2 : score >= 3 ? 1 : 0;
  return order[Math.min(step, order.indexOf(most))] ?? 'info';
}
