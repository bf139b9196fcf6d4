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

/** Stands before an HTTP service and spoils some of what goes through. */
export class FaultyProxy {
  readonly #proxy: Mockttp = getLocal();
  readonly #random: SeededRandom;
  readonly #fates = new Map<string, Fate>();
  readonly #onArrived: (request: CompletedRequest) => void;
  /** Calls that did not go well. */
  faults = 0;

  private constructor(random: SeededRandom, onArrived: (request: CompletedRequest) => void) {
    this.#random = random;
    this.#onArrived = onArrived;
  }

  /** @param onArrived told of every call that the destination sees */
  static async start(
    target: string,
    random: SeededRandom,
    onArrived: (request: CompletedRequest) => void = () => {},
  ): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(random, onArrived);
    await proxy.#proxy.start();
    await proxy.#proxy.forAnyRequest().thenPassThrough({
      beforeRequest: (request) => proxy.#before(request) ?? { url: new URL(request.path, target).href },
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

  #before(request: CompletedRequest) {
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
        this.#onArrived(request);
        return;
    }
  }

  #after(request: CompletedRequest) {
    const fate = this.#fates.get(request.id);
    this.#fates.delete(request.id);
    return fate === 'answer_lost' ? ('close' as const) : undefined;
  }
}
