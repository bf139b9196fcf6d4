import type { Verdict } from '@tripkey/rules';

/** When something last fired, and how high. */
export type FiredRules = Map<string, { at: number; score: number }>;

/** Decides which verdicts become findings, and counts those that could not be given. */
export class Teller {
  /** How often a rule could not tell, by rule and reason. */
  readonly cannotTell = new Map<string, number>();

  /** Within this time of firing, a rule fires again on the same subject only when its score rose by one. */
  static readonly refireMs = 3_600_000;

  /** Whether a verdict is a finding: it fires, and not again with the same story. */
  isWorthTelling(
    verdict: Verdict,
    ruleId: string,
    id: string,
    at: number,
    fired: FiredRules,
  ): verdict is Extract<Verdict, { kind: 'fire' }> {
    if (verdict.kind === 'cannot-tell') {
      this.noteCannotTell(ruleId, verdict.reason);
    }
    if (verdict.kind !== 'fire') return false;
    const story = verdict.story === undefined ? id : `${id} ${verdict.story}`;
    const before = fired.get(story);
    if (before && at - before.at < Teller.refireMs && verdict.score < before.score + 1) return false;
    fired.set(story, { at, score: verdict.score });
    return true;
  }

  /** Counts a verdict that could not be given. */
  noteCannotTell(ruleId: string, reason: string): void {
    const what = `${ruleId}: ${reason}`;
    this.cannotTell.set(what, (this.cannotTell.get(what) ?? 0) + 1);
  }

  /** Forgets what fired so long ago that it would fire again anyway, but for `kept`. */
  forgetOld(fired: FiredRules, at: number, kept?: string): void {
    for (const [id, before] of fired) if (at - before.at >= Teller.refireMs && id !== kept) fired.delete(id);
  }
}
