import { type Finding, type Subject, subjectKey } from '@tripkey/contract';

/**
 * What one incident is about: a subject and, of a lineage of keys, the one that was used. A stop is of one key, so what
 * was found of its successor is another incident.
 */
export interface Concern {
  readonly subject: Subject;
  /** Null when the subject is not a key. */
  readonly keyId: string | null;
}

export function concernOf({ subject, key_id: keyId }: Pick<Finding, 'subject' | 'key_id'>): Concern {
  return { subject, keyId };
}

/** Equal for equal concerns, different for different ones. */
export function concernKey({ subject, keyId }: Concern): string {
  return JSON.stringify([subjectKey(subject), keyId]);
}
