import type { RequestEvent } from '@tripkey/contract';
import { minuteMs, secondMs } from '../calendar/durations.ts';
import { type Call, callTo } from '../keys/call.ts';
import type { Random } from '../random/random.ts';
import { MinHeap } from '../timing/min-heap.ts';
import type { Outage, World } from '../world.ts';
import { Gateways } from './gateway.ts';

/** An event and when it reaches whoever reads them, epoch ms. */
export interface Arrival {
  readonly atMs: number;
  readonly event: RequestEvent;
}

/** Shares of the events that come in a later batch, come minutes late, and come twice. */
const laterBatchShare = 0.01;
const lateShare = 0.0008;
const repeatedShare = 0.0005;

/** One stream of calls. What the gateways do with them is drawn from its own randomness: no stream changes another. */
export interface CallSource {
  /** Ascending. */
  readonly calls: Iterator<Call>;
  readonly random: Random;
}

export interface DeliveryParts {
  readonly world: World;
  readonly sources: readonly CallSource[];
  /** Where the instances' running numbers begin. */
  readonly random: Random;
}

/** What the gateways report about the calls, in the order in which it arrives. */
export function* deliver({ world, sources, random: start }: DeliveryParts): Generator<Arrival> {
  const gateways = new Gateways(world, start);
  const held = new MinHeap<Arrival>();
  const merge = new CallMerge(sources);
  for (let head = merge.next(); head !== undefined && head.call.at < world.span.to; head = merge.next()) {
    const { call, random } = head;
    const { at } = call;
    while (held.rank <= at) yield held.pop()!;
    const gateway = gateways.route(random, call);
    const event = gateways.record(random, call, gateway);
    const arrivesAt = Math.max(at, heldBackUntil(random, world.outages, gateway, at) ?? at + delayOf(random));
    const arrival = { atMs: arrivesAt, event };
    if (arrivesAt > at) held.push(arrivesAt, arrival);
    else yield arrival;
    if (random.chance(repeatedShare)) {
      const again = arrivesAt + random.logBetween(1, 90) * secondMs;
      held.push(again, { atMs: again, event });
    }
    if (event.status >= 500 && call.key.retries && !call.isRetry)
      merge.add({ call: retryOf(random, call), random });
  }
  while (held.size > 0) yield held.pop()!;
}

function delayOf(random: Random): number {
  const draw = random.unit();
  if (draw < lateShare) return random.logBetween(0.5, 12) * minuteMs;
  return draw < laterBatchShare ? random.logBetween(0.2, 5) * secondMs : 0;
}

/** When an event from inside an outage gets through; null outside of one. */
function heldBackUntil(
  random: Random,
  outages: readonly Outage[],
  gateway: number,
  at: number,
): number | null {
  for (const outage of outages) {
    if (outage.gateway === gateway && at >= outage.from && at < outage.to) {
      return random.between(outage.to, outage.caughtUpAt);
    }
  }
  return null;
}

/** The client asks the same again after a pause. */
function retryOf(random: Random, { key, at, endpoint, object, ip, agent }: Call): Call {
  const later = at + random.lognormal(1500, 0.7);
  return callTo(random, key, later, endpoint, { object, ip, agent, isRetry: true });
}

interface Head {
  readonly call: Call;
  readonly random: Random;
}

/** One ascending stream out of many. */
class CallMerge {
  readonly #heads = new MinHeap<{ head: Head; readonly rest: Iterator<Call> | null }>();

  constructor(sources: readonly CallSource[]) {
    for (const { calls, random } of sources) {
      const first = calls.next();
      if (!first.done) this.#heads.push(first.value.at, { head: { call: first.value, random }, rest: calls });
    }
  }

  /** A single call; not earlier than the last one that `next` gave. */
  add(head: Head): void {
    this.#heads.push(head.call.at, { head, rest: null });
  }

  next(): Head | undefined {
    const first = this.#heads.peek();
    if (!first) return undefined;
    const { head } = first;
    const following = first.rest?.next();
    if (!following || following.done) {
      this.#heads.pop();
    } else {
      first.head = { call: following.value, random: head.random };
      this.#heads.rerankTop(following.value.at);
    }
    return head;
  }
}
