import * as z from 'zod';

/** How bad, in words that people and machines share; ordered from least to most. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export const Severity = z.enum(severities);
export type Severity = z.infer<typeof Severity>;

/** Rank of a severity, 0 (info) to 4 (critical); for comparing two of them. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** The worse of two severities. */
export function worse(a: Severity, b: Severity): Severity {
  return severityRank(a) >= severityRank(b) ? a : b;
}
