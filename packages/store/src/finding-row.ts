import { Evidence, type Finding } from '@tripkey/contract';
import type { StoredFinding } from './questions/finding-columns.ts';

/** A finding as a row of `findings_v1`. */
export function findingToRow(finding: Finding): Record<string, unknown> {
  const { subject, evidence, key_id, ...rest } = finding;
  return {
    ...rest,
    subject_kind: subject.kind,
    subject_id: subject.id,
    key_id: key_id ?? '',
    evidence: JSON.stringify(evidence),
  };
}

/** The finding that a row of `findings_v1` holds. */
export function findingFromRow(row: StoredFinding): Finding {
  const { subject_kind, subject_id, evidence, key_id, window_from, window_to, detected_at, ...rest } = row;
  return {
    ...rest,
    subject: { kind: subject_kind, id: subject_id },
    key_id: key_id === '' ? null : key_id,
    window_from: new Date(window_from).toISOString(),
    window_to: new Date(window_to).toISOString(),
    detected_at: new Date(detected_at).toISOString(),
    evidence: Evidence.parse(JSON.parse(evidence)),
  };
}
