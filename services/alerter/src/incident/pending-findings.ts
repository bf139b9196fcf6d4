import type { Finding } from '@tripkey/contract';
import { type Concern, concernKey, concernOf } from './concern.ts';

/** Findings that have not opened an incident yet, by what they are about. Bounded: those of the oldest concern go first, counted. */
export class PendingFindings {
  readonly #byConcern = new Map<string, Map<string, Finding>>();
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
    const concern = concernKey(concernOf(finding));
    const findings = this.#byConcern.get(concern) ?? new Map<string, Finding>();
    if (!findings.has(finding.finding_id)) this.#size += 1;
    findings.set(finding.finding_id, finding);
    // What was heard of last stands last: the first is the one to give up when there is no room.
    this.#byConcern.delete(concern);
    this.#byConcern.set(concern, findings);
    while (this.#size > this.#pendingMax) this.#evictOldest();
  }

  /** A concern's findings of the window that ends at `atMs`, in the order of detection. */
  of(concern: Concern, atMs: number): Finding[] {
    const findings = this.#byConcern.get(concernKey(concern));
    return [...(findings?.values() ?? [])]
      .filter((finding) => Math.abs(atMs - Date.parse(finding.detected_at)) <= this.#windowMs)
      .sort((a, b) => (a.detected_at < b.detected_at ? -1 : a.detected_at > b.detected_at ? 1 : 0));
  }

  /** @param concern its `concernKey` */
  forget(concern: string, findingId: string): void {
    const findings = this.#byConcern.get(concern);
    if (!findings?.delete(findingId)) return;
    this.#size -= 1;
    if (findings.size === 0) this.#byConcern.delete(concern);
  }

  forgetBefore(timeMs: number): void {
    for (const [concern, findings] of this.#byConcern) {
      for (const finding of findings.values()) {
        if (Date.parse(finding.detected_at) < timeMs) this.forget(concern, finding.finding_id);
      }
    }
  }

  #evictOldest(): void {
    for (const [concern, findings] of this.#byConcern) {
      for (const finding of findings.values()) {
        this.forget(concern, finding.finding_id);
        this.#onEvicted();
        return;
      }
    }
  }
}
