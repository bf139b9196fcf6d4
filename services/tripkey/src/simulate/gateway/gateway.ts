import type { Outcome, RequestEvent } from '@tripkey/contract';
import { minuteMs } from '../calendar/durations.ts';
import { pathOf } from '../catalogue/endpoint.ts';
import type { Call } from '../keys/call.ts';
import type { Random } from '../random/random.ts';
import type { World } from '../world.ts';
import { IsoTimes } from './iso-times.ts';
import { uuidV7 } from './uuid-v7.ts';

interface Answer {
  readonly status: number;
  readonly outcome: Outcome;
}

/** Not every client is sent to its nearest instance. */
const strayShare = 0.08;

/** Judges calls as API gateways do and writes one event for each. */
export class Gateways {
  readonly #world: World;
  readonly #times = new IsoTimes();
  readonly #sequences: number[];
  /** Requests of each key in its current minute. */
  readonly #minutes: Float64Array;
  readonly #counts: Uint32Array;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#sequences = world.gateways.map(() => random.int(1000, 9_000_000));
    this.#minutes = new Float64Array(world.keys.length);
    this.#counts = new Uint32Array(world.keys.length);
  }

  /** The instance that a call goes through, as an index into the world's gateways. */
  route(random: Random, call: Call): number {
    if (!random.chance(strayShare)) return call.key.gateway;
    return random.int(0, this.#world.gateways.length - 1);
  }

  /** @param gateway the instance, as `route` gave it */
  record(random: Random, call: Call, gateway: number): RequestEvent {
    const { key, endpoint } = call;
    const answer = this.#judge(random, call);
    const isAsPlanned = answer.status === call.status;
    const event: RequestEvent = {
      event_id: uuidV7(random, call.at),
      ts: this.#times.format(call.at),
      key_id: key.id,
      account_id: key.accountId,
      app_id: key.appId,
      method: endpoint.method,
      route: endpoint.route,
      path: pathOf(endpoint, call.object),
      status: answer.status,
      client_ip: call.ip,
      user_agent: call.agent,
      bytes_in: call.bytesIn,
      bytes_out: isAsPlanned ? call.bytesOut : 140,
      latency_ms: answer.outcome === 'valid' ? call.latencyMs : 3,
      gateway: this.#world.gateways[gateway]!,
      gateway_seq: this.#sequences[gateway]!++,
    };
    // The last instance runs a newer release, which says why it refused.
    if (gateway === this.#world.gateways.length - 1 && answer.outcome !== 'valid')
      event.outcome = answer.outcome;
    return event;
  }

  #judge(random: Random, call: Call): Answer {
    const { key, endpoint, at, gatekeeping } = call;
    if (gatekeeping === 'refuse') return { status: 401, outcome: 'unknown_key' };
    if (gatekeeping === 'check') {
      if (key.life.revokedAt !== null && at >= key.life.revokedAt)
        return { status: 401, outcome: 'disabled' };
      if (this.#isOverLimit(call)) return { status: 429, outcome: 'rate_limited' };
      if (endpoint.scope !== null && !key.scopes.has(endpoint.scope)) {
        return { status: 403, outcome: 'insufficient_permissions' };
      }
    }
    return { status: this.#isInTrouble(random, call) ? 503 : call.status, outcome: 'valid' };
  }

  #isOverLimit({ key, at }: Call): boolean {
    const minute = Math.floor(at / minuteMs);
    if (this.#minutes[key.index] !== minute) {
      this.#minutes[key.index] = minute;
      this.#counts[key.index] = 0;
    }
    this.#counts[key.index]!++;
    return this.#counts[key.index]! > key.rateLimit;
  }

  #isInTrouble(random: Random, { endpoint, at }: Call): boolean {
    for (const trouble of this.#world.troubles) {
      const isHere = trouble.resource === null || trouble.resource === endpoint.resource;
      if (isHere && at >= trouble.from && at < trouble.to) return random.chance(trouble.share);
    }
    return false;
  }
}
