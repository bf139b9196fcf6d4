import { lessons, ownStops, type Store } from '@tripkey/store';
import type { Decisions, Lesson } from './engine/decisions.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * What people and the policy decided, read from the incident log. A decision holds from a minute after it was made, so
 * that ticks that are judged again after a restart are judged by the same ones.
 */
export class DecisionBook implements Decisions {
  #lessons = new Map<string, Lesson[]>();
  #stops = new Map<string, number>();
  readonly #lessonDays: number;

  /** A stop that began longer ago is known to the issuer's own records. */
  static readonly stopMsMax = 30 * dayMs;

  constructor(lessonDays = 30) {
    this.#lessonDays = lessonDays;
  }

  /** Reads what was decided until now. @throws when ClickHouse does not answer; what was known stays. */
  async refresh(store: Store, now: number): Promise<void> {
    const lessonMs = this.#lessonDays * dayMs;
    const [taught, stops] = await Promise.all([
      store.ask(lessons, { since: now - lessonMs }),
      store.ask(ownStops, { since: now - DecisionBook.stopMsMax }),
    ]);
    this.#lessons = new Map();
    for (const row of taught) {
      const name = nameOf(`${row.subject_kind}:${row.subject_id}`, row.rule_id);
      const known = this.#lessons.get(name) ?? [];
      const withdrawn = row.withdrawn_at > 0 ? row.withdrawn_at + minuteMs : Number.POSITIVE_INFINITY;
      known.push({
        incidentId: row.incident_id,
        score: row.score,
        from: row.resolved_at + minuteMs,
        until: Math.min(row.resolved_at + lessonMs, withdrawn),
      });
      this.#lessons.set(name, known);
    }
    this.#stops = new Map();
    for (const { key_id: keyId, action, at } of stops) {
      if (action === 'disable') this.#stops.set(keyId, at);
      else this.#stops.delete(keyId);
    }
  }

  lessonOf(subject: string, ruleId: string, at: number): Lesson | undefined {
    let widest: Lesson | undefined;
    for (const lesson of this.#lessons.get(nameOf(subject, ruleId)) ?? []) {
      const holds = at >= lesson.from && at < lesson.until;
      if (holds && lesson.score > (widest?.score ?? -1)) widest = lesson;
    }
    return widest;
  }

  stoppedAt(keyId: string): number | undefined {
    return this.#stops.get(keyId);
  }
}

const nameOf = (subject: string, ruleId: string) => `${ruleId} ${subject}`;
