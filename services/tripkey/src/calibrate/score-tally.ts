import { type KeyClass, keyClasses } from './key-class.ts';

/** Chances at which scores are looked at. */
export const thresholds = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5] as const;

/** What was counted of one rule on one class of keys. */
export interface Count {
  /** Stretches of time of a key in which it was judged and the rule could tell. */
  judged: number;
  /** Stretches in which the rule could not tell. */
  couldNotTell: number;
  /** Of those judged, in how many the score reached -log10 of each threshold. */
  readonly reached: number[];
}

interface Open {
  stretch: number;
  keyClass: KeyClass;
  /** Highest score in the stretch; null while the rule could not tell. */
  score: number | null;
}

/**
 * Counts how often the score of one rule reached what chance. A stretch of time of a key counts once, by its highest
 * score: judgements a few seconds apart look at nearly the same traffic. Bounded by the keys that are judged.
 */
export class ScoreTally {
  readonly #stretchMs: number;
  readonly #open = new Map<string, Open>();
  readonly #counts = new Map<KeyClass, Count>();

  /** @param stretchMs length of a stretch, > 0 */
  constructor(stretchMs: number) {
    this.#stretchMs = stretchMs;
  }

  /**
   * Takes one judgement in, in the order of time for each key.
   * @param score -log10 of the chance, >= 0; null when the rule could not tell
   */
  note(keyId: string, keyClass: KeyClass, at: number, score: number | null): void {
    const stretch = Math.floor(at / this.#stretchMs);
    const open = this.#open.get(keyId);
    if (open?.stretch === stretch) {
      open.keyClass = keyClass;
      if (score !== null) open.score = Math.max(open.score ?? 0, score);
      return;
    }
    if (open) this.#close(open);
    this.#open.set(keyId, { stretch, keyClass, score });
  }

  #close({ keyClass, score }: Open): void {
    let count = this.#counts.get(keyClass);
    if (!count) {
      count = { judged: 0, couldNotTell: 0, reached: thresholds.map(() => 0) };
      this.#counts.set(keyClass, count);
    }
    if (score === null) {
      count.couldNotTell++;
      return;
    }
    count.judged++;
    for (const [i, p] of thresholds.entries()) if (score >= -Math.log10(p)) count.reached[i]!++;
  }

  /** Closes what is open and gives the counts, in the order of the classes. */
  finish(): [KeyClass, Count][] {
    for (const open of this.#open.values()) this.#close(open);
    this.#open.clear();
    return keyClasses.flatMap((keyClass) => {
      const count = this.#counts.get(keyClass);
      return count ? [[keyClass, count] as [KeyClass, Count]] : [];
    });
  }
}
