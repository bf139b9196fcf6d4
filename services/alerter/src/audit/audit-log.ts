import type { AuditHead, AuditLine } from './audit-line.ts';

/** Where the audit log is kept. */
export interface AuditLog {
  /** Appends all lines or none. Repeating a call with the same lines is harmless. */
  append(lines: readonly AuditLine[]): Promise<void>;
  /** The last line of every chain that no other chain has begun with. */
  heads(): Promise<AuditHead[]>;
  /** `incident:seq` of the entries of these incidents that are on record. */
  recorded(incidentIds: readonly string[]): Promise<Set<string>>;
  /** Every line, by chain and number. */
  lines(): Promise<AuditLine[]>;
}
