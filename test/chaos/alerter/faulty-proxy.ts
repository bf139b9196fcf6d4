import { type CompletedRequest, getLocal, type Mockttp } from 'mockttp';
import type { SeededRandom } from '../seeded-random.ts';

/** What happens to a call, by weight. */
const fates = {
  passed: 80,
  /** 429 that asks to wait a second. */
  limited: 6,
  /** 503; the destination has not seen the call. */
  broken: 5,
  /** Cut before the destination has seen it. */
  cut: 4,
  /** Done by the destination, its answer lost. */
  answer_lost: 5,
};
type Fate = keyof typeof fates;

export interface FaultyProxyOptions {
  /** Told of every call that the destination sees. */
  readonly onArrived?: (request: CompletedRequest) => void;
  /** What the destination gets as `authorization`, by the number of the call. */
  readonly authorization?: (call: number) => string;
}

/** Stands before an HTTP service and spoils some of what goes through. */
export class FaultyProxy {
  readonly #proxy: Mockttp = getLocal();
  readonly #random: SeededRandom;
  readonly #fates = new Map<string, Fate>();
  readonly #options: FaultyProxyOptions;
  #calls = 0;
  /** Calls that did not go well. */
  faults = 0;

  private constructor(random: SeededRandom, options: FaultyProxyOptions) {
    this.#random = random;
    this.#options = options;
  }

  static async start(
    target: string,
    random: SeededRandom,
    options: FaultyProxyOptions = {},
  ): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(random, options);
    await proxy.#proxy.start();
    await proxy.#proxy.forAnyRequest().thenPassThrough({
      beforeRequest: (request) => proxy.#spoil(request) ?? proxy.#passOn(request, target),
      beforeResponse: (_response, request) => proxy.#after(request),
    });
    return proxy;
  }

  get url(): string {
    return this.#proxy.url;
  }

  close(): Promise<void> {
    return this.#proxy.stop();
  }

  #passOn(request: CompletedRequest, target: string) {
    this.#options.onArrived?.(request);
    const authorization = this.#options.authorization?.(this.#calls++);
    const url = new URL(request.path, target);
    const headers = { ...request.headers, host: url.host, ...(authorization ? { authorization } : {}) };
    return { url: url.href, headers };
  }

  #spoil(request: CompletedRequest) {
    const fate = this.#random.weighted(fates);
    this.#fates.set(request.id, fate);
    if (fate !== 'passed') this.faults++;
    switch (fate) {
      case 'limited':
        return { response: { statusCode: 429, headers: { 'retry-after': '1' } } };
      case 'broken':
        return { response: { statusCode: 503 } };
      case 'cut':
        return { response: 'close' as const };
      default:
        return;
    }
  }

  #after(request: CompletedRequest) {
    const fate = this.#fates.get(request.id);
    this.#fates.delete(request.id);
    return fate === 'answer_lost' ? ('close' as const) : undefined;
  }
}
