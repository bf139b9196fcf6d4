/**
 * How many keys use a value, in an application and in the fleet: what is common among a key's peers is no surprise
 * when the key starts it too (a release), what nobody does is.
 */
export class Popularity {
  #fleet = new Map<string, number>();
  #apps = new Map<string, Map<string, number>>();

  /** Pseudo-keys by which an application's share leans on the fleet's. */
  static readonly #lean = 1;

  /** Counts one more key that uses the value. */
  add(value: string, appId: string): void {
    this.#fleet.set(value, (this.#fleet.get(value) ?? 0) + 1);
    let app = this.#apps.get(appId);
    if (!app) this.#apps.set(appId, (app = new Map()));
    app.set(value, (app.get(value) ?? 0) + 1);
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
