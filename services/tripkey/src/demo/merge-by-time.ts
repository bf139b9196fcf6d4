import type { RequestEvent } from '@tripkey/contract';

interface Timed {
  readonly atMs: number;
  readonly event: RequestEvent;
}

/** Two streams of events, each in the order of arrival, as one. */
export function* mergeByTime(one: Iterator<Timed>, other: Iterator<Timed>): Generator<RequestEvent> {
  let [a, b] = [one.next(), other.next()];
  while (!a.done || !b.done) {
    if (b.done || (!a.done && a.value.atMs <= b.value.atMs)) {
      yield (a as IteratorYieldResult<Timed>).value.event;
      a = one.next();
    } else {
      yield b.value.event;
      b = other.next();
    }
  }
}
