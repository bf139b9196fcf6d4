/**
 * Which endpoints a key uses, by the bursts in which it used them: a burst is a stretch of activity without a pause of
 * half an hour, an hour at most. Bursts count, not requests: a loop says no more than its first call.
 *
 * Weights are halved when they add up to too much, so that a habit given up fades. They are fractions of powers of two,
 * whose sums are exact in any order: what peers have in common can be counted again from the keys after a restart.
 */
export class EndpointMix {
  static readonly pauseMs = 1_800_000;
  static readonly burstMsMax = 3_600_000;
  /** Sum of weights at which all are halved. */
  static readonly weightSumMax = 400;
  /** Half of what a burst says counts for the next, and after each further such time half of that. */
  static readonly evidenceHalfLifeMs = 6 * 3_600_000;
  /** An endpoint of less weight is forgotten. */
  static readonly weightMin = 0.25;
  /** Endpoints looked at in one burst; what comes after is not judged. */
  static readonly burstEndpointsMax = 1_000;

  readonly #weights = new Map<string, number>();
  #weightSum = 0;
  /** How many endpoints were new when they were used, outside of the first burst; they fade with the weights. */
  #news = 0;
  /** Bursts begun. */
  #bursts = 0;
  #from = 0;
  #last = 0;
  /** Endpoint of the current burst → how much it speaks for another caller, log10. */
  #burst = new Map<string, number>();
  #evidence = 0;
  /** What the bursts before say of this one: the same caller is likely to be back. */
  #before = 0;

  /** Begins a burst when the last one is over; gives the endpoints whose weight changed, and by how much. */
  enter(at: number): readonly (readonly [endpoint: string, change: number])[] {
    const goesOn = at - this.#last <= EndpointMix.pauseMs && at - this.#from <= EndpointMix.burstMsMax;
    this.#last = Math.max(this.#last, at);
    if (goesOn) return [];
    this.#before = (this.evidence / 2) * 0.5 ** ((at - this.#from) / EndpointMix.evidenceHalfLifeMs);
    this.#from = at;
    this.#bursts++;
    this.#burst = new Map();
    this.#evidence = 0;
    return this.#weightSum > EndpointMix.weightSumMax ? this.#halve() : [];
  }

  #halve(): [string, number][] {
    const changes: [string, number][] = [];
    this.#weightSum = 0;
    this.#news /= 2;
    for (const [endpoint, weight] of this.#weights) {
      const left = weight / 2 < EndpointMix.weightMin ? 0 : weight / 2;
      if (left === 0) this.#weights.delete(endpoint);
      else this.#weights.set(endpoint, left);
      this.#weightSum += left;
      changes.push([endpoint, left - weight]);
    }
    return changes;
  }

  /** Whether an endpoint has nothing to add: it was used in this burst, or the burst is full. */
  isTold(endpoint: string): boolean {
    return this.#burst.has(endpoint) || this.#burst.size >= EndpointMix.burstEndpointsMax;
  }

  /** Takes in the first use of an endpoint in a burst, what it says (log10 of a likelihood ratio), and whether it is news. */
  take(endpoint: string, says: number, isNews: boolean): void {
    if (isNews) this.#news++;
    this.#weights.set(endpoint, this.weightOf(endpoint) + 1);
    this.#weightSum++;
    this.#burst.set(endpoint, says);
    if (says > 0) this.#evidence = evidenceOf(this.#burst.values());
  }

  /** In its first burst everything that a key does is new. */
  get isFirstBurst(): boolean {
    return this.#bursts <= 1;
  }

  get bursts(): number {
    return this.#bursts;
  }

  weightOf(endpoint: string): number {
    return this.#weights.get(endpoint) ?? 0;
  }

  get weightSum(): number {
    return this.#weightSum;
  }

  get news(): number {
    return this.#news;
  }

  /** How much the current burst, and those before it, speak for another caller, log10; 0 if the current does not. */
  get evidence(): number {
    return this.#evidence === 0 ? 0 : this.#evidence + this.#before;
  }

  /** Endpoints of the current burst that speak for another caller, strongest first. */
  strongest(most: number): [endpoint: string, says: number][] {
    if (this.#evidence === 0) return [];
    return [...this.#burst]
      .filter(([, says]) => says > 0)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, most);
  }

  weights(): IterableIterator<[string, number]> {
    return this.#weights.entries();
  }

  toJSON(): EndpointMixJson {
    return {
      weights: [...this.#weights],
      news: this.#news,
      bursts: [this.#bursts, this.#from, this.#last],
      burst: [...this.#burst],
      before: this.#before,
    };
  }

  static fromJSON(json: EndpointMixJson): EndpointMix {
    const mix = new EndpointMix();
    for (const [endpoint, weight] of json.weights) {
      mix.#weights.set(endpoint, weight);
      mix.#weightSum += weight;
    }
    mix.#news = json.news;
    [mix.#bursts, mix.#from, mix.#last] = json.bursts;
    mix.#burst = new Map(json.burst);
    mix.#evidence = evidenceOf(mix.#burst.values());
    mix.#before = json.before ?? 0;
    return mix;
  }
}

/**
 * Adds up what the endpoints of a burst say. They come together for one reason (a caller works on one thing), so each
 * counts half of the one before it, the strongest first. What speaks for the owner takes nothing away: a thief who
 * calls while the owner does is not excused by the owner's calls.
 */
function evidenceOf(says: Iterable<number>): number {
  const strongest = [...says].filter((value) => value > 0).sort((a, b) => b - a);
  let evidence = 0;
  // From the weakest kept, so that each step halves what came before.
  for (const value of strongest.slice(0, 16).reverse()) evidence = evidence / 2 + value;
  return evidence;
}

export interface EndpointMixJson {
  weights: [string, number][];
  news: number;
  bursts: [bursts: number, from: number, last: number];
  burst: [string, number][];
  /** Absent in what earlier releases saved. */
  before?: number;
}
