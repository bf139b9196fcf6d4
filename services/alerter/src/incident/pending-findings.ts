import { type Finding, type Subject, subjectKey } from '@tripkey/contract';

/** Findings that have not opened an incident yet, by subject. Bounded: the oldest subject's go first, counted. */
export class PendingFindings {
  readonly #bySubject = new Map<string, Map<string, Finding>>();
  readonly #windowMs: number;
  readonly #pendingMax: number;
  readonly #onEvicted: () => void;
  #size = 0;

  constructor(options: { windowMs: number; pendingMax: number; onEvicted: () => void }) {
    this.#windowMs = options.windowMs;
    this.#pendingMax = options.pendingMax;
    this.#onEvicted = options.onEvicted;
  }

  /** Keeps a finding; one that is kept already changes nothing. */
  add(finding: Finding): void {
    const subject = subjectKey(finding.subject);
    const findings = this.#bySubject.get(subject) ?? new Map<string, Finding>();
    if (!findings.has(finding.finding_id)) this.#size += 1;
    findings.set(finding.finding_id, finding);
    // The subject that was heard of last stands last: the first is the one to give up when there is no room.
    this.#bySubject.delete(subject);
    this.#bySubject.set(subject, findings);
    while (this.#size > this.#pendingMax) this.#evictOldest();
  }

  /** The subject's findings of the window that ends at `atMs`, in the order of detection. */
  of(subject: Subject, atMs: number): Finding[] {
    const findings = this.#bySubject.get(subjectKey(subject));
    return [...(findings?.values() ?? [])]
      .filter((finding) => Math.abs(atMs - Date.parse(finding.detected_at)) <= this.#windowMs)
      .sort((a, b) => (a.detected_at < b.detected_at ? -1 : a.detected_at > b.detected_at ? 1 : 0));
  }

  forget(subject: string, findingId: string): void {
    const findings = this.#bySubject.get(subject);
    if (!findings?.delete(findingId)) return;
    this.#size -= 1;
    if (findings.size === 0) this.#bySubject.delete(subject);
  }

  forgetBefore(timeMs: number): void {
    for (const [subject, findings] of this.#bySubject) {
      for (const finding of findings.values()) {
        if (Date.parse(finding.detected_at) < timeMs) this.forget(subject, finding.finding_id);
      }
    }
  }

  #evictOldest(): void {
    for (const [subject, findings] of this.#bySubject) {
      for (const finding of findings.values()) {
        this.forget(subject, finding.finding_id);
        this.#onEvicted();
        return;
      }
    }
  }
}
