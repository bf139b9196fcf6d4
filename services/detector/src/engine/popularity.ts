import { ByFewness } from './by-fewness.ts';

const hourMs = 3_600_000;

/**
 * How many keys use a value, in an application and in the fleet: what is common among a key's peers is no surprise
 * when the key starts it too (a release), what nobody does is.
 */
export class Popularity {
  #fleet = new Map<string, number>();
  #apps = new Map<string, Map<string, number>>();

  /** Keys that have a value among their first few, and those that began with it. */
  readonly #uses = new ByFewness();
  readonly #homes = new ByFewness();

  readonly #since = new Map<string, number>();
  #starters = new Map<string, { count: number; at: number }>();

  static readonly #keepHour = 1 - 1 / 1_000;
  /** Half of the starters are forgotten in this time. */
  static readonly #starterHalfLifeMs = 24 * 3_600_000;
  /** After this time without a further one, they are forgotten: a billionth of a key each is left. */
  static readonly #starterMsMax = 30 * Popularity.#starterHalfLifeMs;
  /** Beyond this many values a new one is not counted; its users are taken for the first. */
  static readonly valuesMax = 200_000;
  /** Values that were not counted because there are too many. */
  refused = 0;

  /** Of so many values of a key it is counted how rare they are: a key that has thousands must not make rare what is usual. */
  static readonly #valuesOfKeyMax = 8;

  /** Pseudo-keys by which an application's share leans on the fleet's. */
  static readonly #lean = 1;

  /**
   * Counts one more key that uses the value.
   * @param rank how many values the key has with it: 1 for the one that it began with
   */
  add(value: string, appId: string, at: number, rank: number): void {
    const since = this.#since.get(value);
    if (since === undefined) {
      this.#noteUnheard(at);
      if (this.#since.size >= Popularity.valuesMax) {
        this.refused++;
        return;
      }
    }
    if (since === undefined || at < since) this.#since.set(value, at);
    this.#count(value, rank);
    const app = this.#apps.get(appId) ?? new Map<string, number>();
    this.#apps.set(appId, app.set(value, (app.get(value) ?? 0) + 1));
  }

  #count(value: string, rank: number): void {
    const users = (this.#fleet.get(value) ?? 0) + 1;
    this.#fleet.set(value, users);
    this.#uses.take(value, users, rank <= Popularity.#valuesOfKeyMax);
    this.#homes.take(value, users, rank === 1);
  }

  /** Counts a key that began to use the value from a place it is known at: a release looks like this. */
  start(value: string, at: number): void {
    this.#startersSum = { count: this.#startersOfAll(at) + 1, at };
    this.#starters.set(value, { count: this.starters(value, at) + 1, at });
  }

  /** What cannot be counted again from the keys' own memories. */
  toJSON(): PopularityJson {
    return { starters: [...this.#starters], startersSum: this.#startersSum, unheard: this.#unheard };
  }

  restore(json: PopularityJson): void {
    this.#starters = new Map(json.starters);
    this.#unheard = json.unheard;
    if (json.startersSum) this.#startersSum = json.startersSum;
  }

  /** Hours with any traffic in which a value came up that no key had used before, and all such hours. */
  #unheard = { hours: 0, newsHours: 0, hour: 0, counted: false };

  /** Begins the hour of a time, once. */
  enterHour(at: number): void {
    const hour = Math.floor(at / hourMs);
    if (hour <= this.#unheard.hour) return;
    const { hours, newsHours, counted } = this.#unheard;
    const keep = this.#unheard.hour === 0 ? 0 : Popularity.#keepHour;
    for (const [value, { at: startedAt }] of this.#starters)
      if (at - startedAt > Popularity.#starterMsMax) this.#starters.delete(value);
    this.#unheard = {
      hours: hours * keep + (keep > 0 ? 1 : 0),
      newsHours: newsHours * keep + (counted ? 1 : 0),
      hour,
      counted: false,
    };
  }

  #noteUnheard(at: number): void {
    if (Math.floor(at / hourMs) >= this.#unheard.hour) this.#unheard.counted = true;
  }

  /** -log10 of the chance that an hour brings a value that no key used before. */
  surpriseOfUnheard(): number {
    return Math.max(0, -Math.log10(Math.min(1, (this.#unheard.newsHours + 0.5) / (this.#unheard.hours + 1))));
  }

  /** Whether no key used the value until an hour ago. */
  isUnheard(value: string, at: number): boolean {
    return this.age(value, at) < hourMs;
  }

  /** For how long some key has used the value, ms. */
  age(value: string, at: number): number {
    return Math.max(0, at - (this.#since.get(value) ?? at));
  }

  /** Keys that began to use the value of late, forgetting by the day. */
  starters(value: string, at: number): number {
    const started = this.#starters.get(value);
    if (!started) return 0;
    return started.count * 0.5 ** (Math.max(0, at - started.at) / Popularity.#starterHalfLifeMs);
  }

  #startersSum = { count: 0, at: 0 };

  #startersOfAll(at: number): number {
    const { count, at: then } = this.#startersSum;
    return count * 0.5 ** (Math.max(0, at - then) / Popularity.#starterHalfLifeMs);
  }

  /**
   * Share of a value in all that keys began to use of late, if it is being released: the first that began it makes no
   * release, whoever it is. Leans on none by one start.
   */
  releasedShare(value: string, at: number): number {
    return Math.max(0, this.starters(value, at) - 1) / (this.#startersOfAll(at) + 1);
  }

  /**
   * -log10 of the chance that what a key uses has so few other users: where every customer comes from a place of his own it
   * says nothing, where all come from the same few clouds it says much. For a value of a key that is counted already.
   */
  rarity(value: string): number {
    return this.#uses.surprise(this.#fleet.get(value) ?? 1, 1);
  }

  /** The same among the values that keys began with. @param isHome whether the key is counted among those */
  homeRarity(value: string, isHome: boolean): number {
    return this.#homes.surprise(this.#fleet.get(value) ?? 1, isHome ? 1 : 0);
  }

  /**
   * -log10 of the share of *other* keys that use the value: of the application, leaning on the fleet.
   * @param counted whether this key is among those counted already
   */
  surprise(value: string, appId: string, keys: KeyCounts, counted: boolean): number {
    const self = counted ? 1 : 0;
    const fleetUsers = Math.max(0, (this.#fleet.get(value) ?? 0) - self);
    const fleetShare = (fleetUsers + 0.5) / (Math.max(0, keys.fleet - 1) + 1);
    const appUsers = Math.max(0, (this.#apps.get(appId)?.get(value) ?? 0) - self);
    const others = Math.max(0, (keys.apps.get(appId) ?? 0) - 1);
    const share = (appUsers + Popularity.#lean * fleetShare) / (others + Popularity.#lean);
    return Math.max(0, -Math.log10(Math.min(1, share)));
  }
}

export interface PopularityJson {
  starters: [string, { count: number; at: number }][];
  /** Absent in what earlier releases saved. */
  startersSum?: { count: number; at: number };
  unheard: { hours: number; newsHours: number; hour: number; counted: boolean };
}

/** Number of active keys, in all and by application. */
export interface KeyCounts {
  fleet: number;
  readonly apps: Map<string, number>;
}
