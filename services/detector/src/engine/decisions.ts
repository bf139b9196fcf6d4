/** What a false positive taught: one rule may say as much again of one subject, until a time, without waking anybody. */
export interface Lesson {
  readonly incidentId: string;
  /** Highest score that was judged harmless. */
  readonly score: number;
  /** It holds in [from, until), epoch ms. */
  readonly from: number;
  readonly until: number;
}

/** What people and the policy decided, as far as it changes what is found. */
export interface Decisions {
  /** What false positives taught of a rule and a subject (`kind:id`). */
  lessonOf(subject: string, ruleId: string, at: number): Lesson | undefined;
  /** Since when a key is stopped by us, epoch ms; undefined when it is not. */
  stoppedAt(keyId: string): number | undefined;
}

export const noDecisions: Decisions = { lessonOf: () => undefined, stoppedAt: () => undefined };

/** A score that rises by no more than this above what was judged harmless is the same story. */
export const lessonMargin = 0.5;
