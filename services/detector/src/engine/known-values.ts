/**
 * The values of one kind (endpoints, networks, agents) that a key is known for, and how often it shows new ones.
 *
 * A key that changes its addresses every day makes a new address unremarkable; one that has called the same three
 * endpoints for a month makes a fourth one remarkable. The chance of news in an active hour is the mean of a Beta
 * posterior over past active hours, forgetting slowly.
 */
export class KnownValues {
  #values = new Map<string, KnownValue>();
  #hours = 0;
  #newsHours = 0;
  #hour = 0;
  #hourHasNews = false;
  /** Values that may be news: first used lately, or used again under suspicion. */
  #candidates: Set<string> | null = null;

  /** Time for which a value is looked at as news after its first use. */
  static readonly newsMs = 3_600_000;
  /** A value first seen in a suspicious context stays news for so long. */
  static readonly suspectMs = 14 * 86_400_000;
  /** Beyond this many values the one unused longest is forgotten (counted in `forgotten`). */
  static readonly valuesMax = 5_000;
  static readonly #priorNews = 0.5;
  static readonly #priorHours = 0.75;
  /** Weight that an hour keeps per further active hour: half after some 2,000. */
  static readonly #keep = 1 - 1 / 3_000;

  forgotten = 0;

  /** Takes in uses of a value at an event time; returns true when the key never used it before. */
  take(value: string, at: number, requests: number, accepted: number, denied: number): boolean {
    this.#enterHour(at);
    const known = this.#values.get(value);
    if (known) {
      if (at > known.lastAt) known.lastAt = at;
      known.requests += requests;
      known.accepted += accepted;
      known.denied += denied;
      if (known.suspectUntil > at) this.#noteCandidate(value);
      return false;
    }
    this.#values.set(value, { firstAt: at, lastAt: at, requests, accepted, denied, suspectUntil: 0 });
    this.#hourHasNews = true;
    this.#noteCandidate(value);
    if (this.#values.size > KnownValues.valuesMax) this.#forgetOldest();
    return true;
  }

  get(value: string): KnownValue | undefined {
    return this.#values.get(value);
  }

  /** Whether a value is news at `at`: first used within the last hour, or under suspicion. */
  isNews(value: string, at: number): boolean {
    const known = this.#values.get(value);
    return !known || at - known.firstAt < KnownValues.newsMs || known.suspectUntil > at;
  }

  /** Whether the key is known for a value: used before the news period, and not under suspicion. */
  isKnown(value: string, at: number): boolean {
    return !this.isNews(value, at);
  }

  /** The values that are news at `at`, in the order of their first use. */
  news(at: number): [string, KnownValue][] {
    const news: [string, KnownValue][] = [];
    if (!this.#candidates) return news;
    for (const value of this.#candidates) {
      const known = this.#values.get(value);
      if (known && at - known.lastAt < 2 * KnownValues.newsMs && this.isNews(value, at))
        news.push([value, known]);
      else this.#candidates.delete(value);
    }
    // Most keys show no news most of the time, and there may be very many of them.
    if (this.#candidates.size === 0) this.#candidates = null;
    return news;
  }

  #noteCandidate(value: string): void {
    this.#candidates ??= new Set();
    this.#candidates.add(value);
  }

  /** Keeps a value as news: what an attacker did first must not become the key's own habit. */
  suspect(value: string, at: number): void {
    const known = this.#values.get(value);
    if (known) known.suspectUntil = at + KnownValues.suspectMs;
  }

  /** -log10 of the chance that an active hour shows a new value, judged by the hours before the current one. */
  surpriseOfNews(): number {
    const chance = (this.#newsHours + KnownValues.#priorNews) / (this.#hours + KnownValues.#priorHours);
    return Math.max(0, -Math.log10(Math.min(1, chance)));
  }

  /** The value that the key began with, as far as it is remembered. */
  first(): string | undefined {
    let first: [string, KnownValue] | undefined;
    for (const one of this.#values) if (!first || one[1].firstAt < first[1].firstAt) first = one;
    return first?.[0];
  }

  values(): IterableIterator<[string, KnownValue]> {
    return this.#values.entries();
  }

  get size(): number {
    return this.#values.size;
  }

  #enterHour(at: number): void {
    const hour = Math.floor(at / 3_600_000);
    if (hour <= this.#hour) return;
    if (this.#hour > 0) {
      this.#hours = this.#hours * KnownValues.#keep + 1;
      // In its first hour everything a key does is news; that says nothing about its habits.
      const first = this.#hours === 1;
      this.#newsHours = this.#newsHours * KnownValues.#keep + (this.#hourHasNews && !first ? 1 : 0);
    }
    this.#hour = hour;
    this.#hourHasNews = false;
  }

  #forgetOldest(): void {
    let oldest: string | undefined;
    let lastAt = Number.POSITIVE_INFINITY;
    for (const [value, known] of this.#values) {
      if (known.lastAt < lastAt) [oldest, lastAt] = [value, known.lastAt];
    }
    if (oldest !== undefined) this.#values.delete(oldest);
    this.forgotten++;
  }

  toJSON(): KnownValuesJson {
    return {
      hours: this.#hours,
      newsHours: this.#newsHours,
      hour: this.#hour,
      hourHasNews: this.#hourHasNews,
      forgotten: this.forgotten,
      candidates: [...(this.#candidates ?? [])],
      values: [...this.#values].map(([value, k]) => [
        value,
        k.firstAt,
        k.lastAt,
        k.requests,
        k.accepted,
        k.denied,
        k.suspectUntil,
      ]),
    };
  }

  static fromJSON(json: KnownValuesJson): KnownValues {
    const known = new KnownValues();
    known.#hours = json.hours;
    known.#newsHours = json.newsHours;
    known.#hour = json.hour;
    known.#hourHasNews = json.hourHasNews;
    known.forgotten = json.forgotten;
    if (json.candidates.length > 0) known.#candidates = new Set(json.candidates);
    for (const [value, firstAt, lastAt, requests, accepted, denied, suspectUntil] of json.values) {
      known.#values.set(value, { firstAt, lastAt, requests, accepted, denied, suspectUntil });
    }
    return known;
  }
}

export interface KnownValue {
  firstAt: number;
  lastAt: number;
  requests: number;
  accepted: number;
  denied: number;
  /** Epoch ms; 0 when not under suspicion. */
  suspectUntil: number;
}

export interface KnownValuesJson {
  hours: number;
  newsHours: number;
  hour: number;
  hourHasNews: boolean;
  forgotten: number;
  candidates: string[];
  values: [string, number, number, number, number, number, number][];
}
