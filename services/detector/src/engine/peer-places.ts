import { type Places, TogetherHours } from './places.ts';

/**
 * How often keys are used from two distant places in one hour: of an application, leaning on the fleet, so that a key
 * of which nothing is known yet is judged by its kin.
 */
export class PeerPlaces {
  readonly #fleet = new TogetherHours();
  readonly #apps = new Map<string, TogetherHours>();

  /** Hours by which a key leans on its application, and that on the fleet. */
  static readonly #leanKey = 24;
  static readonly #leanApp = 100;

  learn(appId: string, together: boolean): void {
    this.#fleet.learn(together);
    const app = this.#apps.get(appId) ?? new TogetherHours();
    app.learn(together);
    this.#apps.set(appId, app);
  }

  /** -log10 of the chance that an active hour shows such a key at two distant places. */
  surprise(appId: string, { past }: Places): number {
    const fleet = (this.#fleet.together + 0.5) / (this.#fleet.hours + 1);
    const kin = this.#apps.get(appId);
    const app =
      ((kin?.together ?? 0) + PeerPlaces.#leanApp * fleet) / ((kin?.hours ?? 0) + PeerPlaces.#leanApp);
    const own = (past.together + PeerPlaces.#leanKey * app) / (past.hours + PeerPlaces.#leanKey);
    return Math.max(0, -Math.log10(own));
  }

  toJSON(): PeerPlacesJson {
    return {
      fleet: this.#fleet.toJSON(),
      apps: [...this.#apps].map(([appId, hours]) => [appId, hours.toJSON()]),
    };
  }

  restore(json: PeerPlacesJson): void {
    this.#fleet.restore(json.fleet);
    for (const [appId, hours] of json.apps) {
      const app = new TogetherHours();
      app.restore(hours);
      this.#apps.set(appId, app);
    }
  }
}

export interface PeerPlacesJson {
  fleet: [number, number];
  apps: [string, [number, number]][];
}
