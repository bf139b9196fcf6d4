import type { KeyFacts, Rule } from '@tripkey/rules';
import { type Calibration, calibrate } from './calibration.ts';
import { keyClassOf } from './key-class.ts';
import { ScoreTally } from './score-tally.ts';
import { stretchMsOf } from './stretches.ts';

/**
 * Counts the score of every judgement, whether the rule speaks or not. A rule that stays quiet gives no score; asked
 * again as if any score were worth a word, it does. What is quiet even then (no record, too little traffic) has a
 * score of 0. Rules without such a limit have fixed scores, and nothing to compare.
 */
export class ScoreWatch {
  readonly #watched = new Map<string, { scoreMin: number; stretchMs: number; tally: ScoreTally }>();
  /** Rules whose scores are fixed. */
  readonly notCompared: readonly string[];

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      const { scoreMin } = rule.params.parse({}) as { scoreMin?: number };
      const stretchMs = stretchMsOf(rule.id);
      if (scoreMin !== undefined)
        this.#watched.set(rule.id, { scoreMin, stretchMs, tally: new ScoreTally(stretchMs) });
    }
    this.notCompared = rules.map(({ id }) => id).filter((id) => !this.#watched.has(id));
  }

  /** Takes one judgement in, in the order of time. */
  note(rule: Rule, params: unknown, facts: KeyFacts): void {
    const watched = this.#watched.get(rule.id);
    if (!watched) return;
    const verdict = rule.evaluate(facts, { ...(params as object), scoreMin: Number.MIN_VALUE });
    const score = verdict.kind === 'fire' ? verdict.score : verdict.kind === 'quiet' ? 0 : null;
    watched.tally.note(facts.lineageId, keyClassOf(facts), facts.at, score);
  }

  /** What the scores meant, by rule and key class; after the last judgement. */
  calibrations(): Calibration[] {
    return [...this.#watched].flatMap(([id, { scoreMin, stretchMs, tally }]) =>
      tally.finish().map(([keyClass, count]) => calibrate({ id, scoreMin, stretchMs }, keyClass, count)),
    );
  }
}
