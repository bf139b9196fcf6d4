import type { Why } from '@tripkey/contract/api';
import { formatNumber } from '../../format/numbers.ts';

type Evidence = Why['evidence'];
type Value = Evidence['observed'][string];

export interface Comparison {
  readonly name: string;
  readonly seen: string;
  /** Null where the rule expects nothing in particular. */
  readonly expected: string | null;
}

/**
 * What was seen beside what was expected of the same figure. What is only expected comes last, as a figure of its own:
 * nothing of the evidence is left out.
 */
export function comparisons({ observed, expected }: Pick<Evidence, 'observed' | 'expected'>): Comparison[] {
  const seen = Object.entries(observed).map(([name, value]) => ({
    name,
    seen: formatEvidence(value),
    expected: name in expected ? formatEvidence(expected[name]!) : null,
  }));
  const others = Object.entries(expected)
    .filter(([name]) => !(name in observed))
    .map(([name, value]) => ({ name, seen: '', expected: formatEvidence(value) }));
  return [...seen, ...others];
}

/** A value of the evidence as people read it. */
export function formatEvidence(value: Value): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(formatEvidence).join(', ');
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null ? '–' : value === '' ? 'empty' : String(value);
}
