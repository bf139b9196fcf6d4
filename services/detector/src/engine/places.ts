const hourMs = 3_600_000;

/** Where a request came from: its country and its provider. */
interface Place {
  readonly country: string;
  readonly provider: string;
  requests: number;
}

/** Hours in which keys were used, and those of them in which one was used from two distant places. */
export class TogetherHours {
  hours = 0;
  together = 0;

  static readonly #keep = 1 - 1 / 3_000;

  learn(together: boolean): void {
    const keep = TogetherHours.#keep;
    this.hours = this.hours * keep + 1;
    this.together = this.together * keep + (together ? 1 : 0);
  }

  toJSON(): [number, number] {
    return [this.hours, this.together];
  }

  restore([hours, together]: [number, number]): void {
    this.hours = hours;
    this.together = together;
  }
}

/**
 * The places that a key was used from in the current hour, by arrival. Two are distant when both country and provider
 * differ: neither a phone that changes networks nor a proxy in the next city makes two.
 */
export class Places {
  #hour = 0;
  #places: Place[] = [];
  readonly past = new TogetherHours();

  /** Beyond this many the key is used from everywhere, and more say nothing new. */
  static readonly placesMax = 32;

  /**
   * Begins the hour of a time; says whether the one before showed two distant places. Null when the hour goes on, when
   * there was none, and when it is flagged: it began before `flaggedUntil`.
   */
  enter(at: number, flaggedUntil: number): boolean | null {
    const hour = Math.floor(at / hourMs) * hourMs;
    if (hour <= this.#hour) return null;
    const flagged = this.#hour < flaggedUntil;
    const together = this.#places.length === 0 ? null : this.distant !== null;
    this.#hour = hour;
    this.#places = [];
    if (together === null || flagged) return null;
    this.past.learn(together);
    return together;
  }

  take(country: string, provider: string, requests: number): void {
    if (country === '' || provider === '') return;
    const known = this.#places.find((place) => place.country === country && place.provider === provider);
    if (known) known.requests += requests;
    else if (this.#places.length < Places.placesMax) this.#places.push({ country, provider, requests });
  }

  /** The first two places of the hour that are distant; null when there are none. */
  get distant(): readonly [Readonly<Place>, Readonly<Place>] | null {
    if (this.#places.length < 2) return null;
    for (const [i, one] of this.#places.entries()) {
      const other = this.#places
        .slice(i + 1)
        .find(({ country, provider }) => country !== one.country && provider !== one.provider);
      if (other) return [one, other];
    }
    return null;
  }

  toJSON(): PlacesJson {
    return [
      this.#hour,
      this.#places.map(({ country, provider, requests }) => [country, provider, requests]),
      this.past.toJSON(),
    ];
  }

  static fromJSON([hour, list, past]: PlacesJson): Places {
    const places = new Places();
    places.#hour = hour;
    places.#places = list.map(([country, provider, requests]) => ({ country, provider, requests }));
    places.past.restore(past);
    return places;
  }
}

export type PlacesJson = [hour: number, places: [string, string, number][], past: [number, number]];
