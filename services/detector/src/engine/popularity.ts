/**
 * How many keys use a value, in an application and in the fleet: what is common among a key's peers is no surprise
 * when the key starts it too (a release), what nobody does is.
 */
export class Popularity {
  #fleet = new Map<string, number>();
  #apps = new Map<string, Map<string, number>>();

  #starters = new Map<string, { count: number; at: number }>();

  /** Half of the starters are forgotten in this time. */
  static readonly #starterHalfLifeMs = 24 * 3_600_000;
  /** Pseudo-keys by which an application's share leans on the fleet's. */
  static readonly #lean = 1;

  /** Counts one more key that uses the value. */
  add(value: string, appId: string): void {
    this.#fleet.set(value, (this.#fleet.get(value) ?? 0) + 1);
    const app = this.#apps.get(appId) ?? new Map<string, number>();
    this.#apps.set(appId, app.set(value, (app.get(value) ?? 0) + 1));
  }

  /** Counts a key that began to use the value from a place it is known at: a release looks like this. */
  start(value: string, at: number): void {
    this.#starters.set(value, { count: this.starters(value, at) + 1, at });
  }

  startersToJSON(): [string, { count: number; at: number }][] {
    return [...this.#starters];
  }

  restoreStarters(json: [string, { count: number; at: number }][]): void {
    this.#starters = new Map(json);
  }

  /** Keys that began to use the value of late, forgetting by the day. */
  starters(value: string, at: number): number {
    const started = this.#starters.get(value);
    if (!started) return 0;
    return started.count * 0.5 ** (Math.max(0, at - started.at) / Popularity.#starterHalfLifeMs);
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

/** Number of active keys, in all and by application. */
export interface KeyCounts {
  fleet: number;
  readonly apps: Map<string, number>;
}
