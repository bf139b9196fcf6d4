import type { EndpointMix } from './endpoint-mix.ts';

/**
 * How an endpoint can be news to a key: the key's application uses it, other keys do, none did until an hour ago, and
 * among these what a thief would be after.
 */
const newsKinds = ['app', 'fleet', 'unheard', 'sensitive'] as const;
type NewsKind = (typeof newsKinds)[number];
type NewsCounts = Record<NewsKind, number>;

/** What is known of an endpoint that a key uses. */
export interface EndpointSeen {
  /** The key used it more than an hour ago, be it so long ago that its weight has faded. */
  readonly known: boolean;
  /** No key used it until an hour ago. */
  readonly unheard: boolean;
  /** It refused the key. */
  readonly refused: boolean;
  /** A thief would be after it. */
  readonly sensitive: boolean;
  /** Share of the endpoint in what keys began to use of late: a release. */
  readonly releasedShare: number;
}

/** Weights of endpoints, summed over keys. */
interface Sum {
  readonly weights: Map<string, number>;
  total: number;
}

/**
 * The endpoint mixes of all keys together, and how likely it makes a call that another caller is behind a key.
 *
 * A masquerade test (Schonlau et al. 2001, "Computer Intrusion: Detecting Masquerades"; Maxion & Townsend 2002, self
 * against non-self by naive Bayes): for each endpoint of a burst, its chance if the owner calls against its chance if
 * somebody else does. The owner calls what he has called before or, by his own rates, something new: what his
 * application uses, what others use, what nobody does, or what is being released. Somebody else calls what the
 * application uses, what others use, or what nobody does, by fixed shares. So an endpoint that everybody uses but this
 * key hardly ever speaks against the owner, and one that nobody heard of speaks much where such things never come up,
 * and little where they do every day.
 */
export class PeerMixes {
  readonly #fleet: Sum = { weights: new Map(), total: 0 };
  readonly #apps = new Map<string, Sum>();
  /** News of keys that are past their first burst, by kind. */
  #news: NewsCounts = { app: 1, fleet: 0.1, unheard: 0.4, sensitive: 0.1 };
  /** How many of these were refused. */
  #refused = 0;

  /** What somebody else calls. */
  static readonly #otherCalls: Readonly<NewsCounts> = { app: 0.4, fleet: 0.3, unheard: 0.1, sensitive: 0.2 };
  /** Share of what is news to a key that refuses somebody else. */
  static readonly #otherIsRefused = 0.3;
  /** How many news owners begin with a tenth of them refused. */
  static readonly #refusedPrior = { share: 0.1, weight: 10 };
  /**
   * Most that one endpoint says, log10: an owner who begins what others do already is a matter of course some day, and
   * not worth a word before something else speaks for it.
   */
  static readonly #saysMost: Readonly<NewsCounts> = {
    app: 1.2,
    fleet: 1.2,
    unheard: Number.POSITIVE_INFINITY,
    sensitive: Number.POSITIVE_INFINITY,
  };
  /** Chance of one endpoint among those that nobody has used. */
  static readonly #unheardChance = 0.001;
  /** A key's rate of news leans on this rate with this weight. */
  static readonly #newsRate = { prior: 0.2, weight: 4 };
  /** Rates under which nobody's news fall: the most constant of owners changes something some day. */
  static readonly #ratesMin: Readonly<NewsCounts> = {
    app: 0.02,
    fleet: 0.002,
    unheard: 0.002,
    sensitive: 0.0005,
  };
  /** Share of news that come with releases. */
  static readonly #released = 0.2;
  /** News at which what is known of them is halved. */
  static readonly #newsMax = 4_000;

  readonly #weightsMax: number;
  #weights = 0;
  /** Endpoints, of all keys or of an application, that were not counted because there are too many. */
  refused = 0;

  /** @param weightsMax endpoints kept, each once for all keys and once for every application that calls it */
  constructor(weightsMax = 1_000_000) {
    this.#weightsMax = weightsMax;
  }

  /** Counts the mix of a key in. */
  adopt(mix: EndpointMix, appId: string): void {
    for (const [endpoint, weight] of mix.weights()) this.#add(appId, endpoint, weight);
  }

  /** Takes in a use of an endpoint. @param look says what is known of it; not asked when the burst has it already */
  take(mix: EndpointMix, appId: string, endpoint: string, at: number, look: () => EndpointSeen): void {
    for (const [changed, change] of mix.enter(at)) this.#add(appId, changed, change);
    if (mix.isTold(endpoint)) return;
    const seen = look();
    const kind = this.#kindOf(appId, endpoint, seen);
    const isNews = !seen.known && mix.weightOf(endpoint) === 0 && !mix.isFirstBurst;
    const ratio =
      this.#likelihoodRatio(mix, appId, endpoint, kind, seen) *
      (isNews && seen.refused ? PeerMixes.#otherIsRefused / this.#refusedShare() : 1);
    if (isNews) this.#count(kind, seen.refused);
    mix.take(endpoint, Math.min(PeerMixes.#saysMost[kind], Math.log10((1 + ratio) / 2)), isNews);
    this.#add(appId, endpoint, 1);
  }

  #kindOf(appId: string, endpoint: string, { unheard, sensitive }: EndpointSeen): NewsKind {
    if (unheard || !this.#fleet.weights.has(endpoint)) return sensitive ? 'sensitive' : 'unheard';
    return this.#apps.get(appId)?.weights.has(endpoint) ? 'app' : 'fleet';
  }

  /** How much likelier an endpoint is from somebody else than from the owner of the key. */
  #likelihoodRatio(
    mix: EndpointMix,
    appId: string,
    endpoint: string,
    kind: NewsKind,
    { known, releasedShare }: EndpointSeen,
  ): number {
    const own = mix.weightOf(endpoint);
    const unheard = PeerMixes.#unheardChance;
    const chances: NewsCounts = {
      app: share(this.#apps.get(appId), endpoint, own, mix.weightSum),
      fleet: share(this.#fleet, endpoint, own, mix.weightSum),
      unheard: kind === 'sensitive' ? 0 : unheard,
      sensitive: kind === 'sensitive' ? unheard : 0,
    };
    const rates = this.#ratesOf(mix);
    let news = 0;
    let newsRate = 0;
    let other = 0;
    for (const each of newsKinds) {
      newsRate += rates[each];
      news += rates[each] * chances[each];
      other += PeerMixes.#otherCalls[each] * chances[each];
    }
    const habitual = mix.weightSum === 0 ? 0 : Math.max(own, known ? 1 : 0) / mix.weightSum;
    const owner =
      Math.max(0, 1 - newsRate) * habitual +
      (1 - PeerMixes.#released) * news +
      PeerMixes.#released * newsRate * releasedShare;
    return other / owner;
  }

  /** Chances that a key's next endpoint is news, by kind. In its first burst all is news. */
  #ratesOf(mix: EndpointMix): NewsCounts {
    const all = this.#news;
    const allNews = this.#newsSum();
    const { prior, weight } = PeerMixes.#newsRate;
    const rate = mix.isFirstBurst ? 1 : (mix.news + weight * prior) / (mix.weightSum + weight);
    const rates = { app: 0, fleet: 0, unheard: 0, sensitive: 0 };
    for (const kind of newsKinds)
      rates[kind] = Math.max((rate * all[kind]) / allNews, PeerMixes.#ratesMin[kind]);
    return rates;
  }

  /** Share of their news in which owners are refused. */
  #refusedShare(): number {
    const { share: prior, weight } = PeerMixes.#refusedPrior;
    return (this.#refused + weight * prior) / (this.#newsSum() + weight);
  }

  #newsSum(): number {
    const { app, fleet, unheard, sensitive } = this.#news;
    return app + fleet + unheard + sensitive;
  }

  #count(kind: NewsKind, refused: boolean): void {
    const news = this.#news;
    news[kind]++;
    if (refused) this.#refused++;
    if (this.#newsSum() < PeerMixes.#newsMax) return;
    for (const each of newsKinds) news[each] /= 2;
    this.#refused /= 2;
  }

  #add(appId: string, endpoint: string, weight: number): void {
    const app = this.#apps.get(appId) ?? { weights: new Map(), total: 0 };
    this.#addTo(this.#fleet, endpoint, weight);
    this.#addTo(app, endpoint, weight);
    if (app.weights.size > 0) this.#apps.set(appId, app);
    else this.#apps.delete(appId);
  }

  #addTo(sum: Sum, endpoint: string, weight: number): void {
    const had = sum.weights.get(endpoint);
    if (had === undefined && weight > 0 && this.#weights >= this.#weightsMax) {
      this.refused++;
      return;
    }
    // What was refused cannot be taken away again.
    const now = Math.max(0, (had ?? 0) + weight);
    sum.total += now - (had ?? 0);
    if (now > 0) sum.weights.set(endpoint, now);
    else sum.weights.delete(endpoint);
    this.#weights += Number(now > 0) - Number(had !== undefined);
  }

  /** What cannot be counted again from the keys' own mixes. */
  toJSON(): PeerMixesJson {
    return { news: { ...this.#news }, refused: this.#refused };
  }

  restore(json: PeerMixesJson): void {
    this.#news = { ...json.news };
    this.#refused = json.refused ?? 0;
  }
}

export interface PeerMixesJson {
  news: NewsCounts;
  /** Absent in what earlier releases saved. */
  refused?: number;
}

/** Share of an endpoint in what all but one key do; leans on nobody's by ten bursts. */
function share(sum: Sum | undefined, endpoint: string, own: number, ownSum: number): number {
  if (!sum) return 0;
  return Math.max(0, (sum.weights.get(endpoint) ?? 0) - own) / (sum.total - ownSum + 10);
}
