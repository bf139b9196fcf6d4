import { dayMs } from '../calendar/durations.ts';
import { type Endpoint, isRead } from '../catalogue/endpoint.ts';
import type { Random } from '../random/random.ts';
import { drawEndpoint } from './endpoint-mix.ts';
import type { SimulatedKey } from './simulated-key.ts';

/**
 * What the gateway does with a call: `check` judges it as a gateway does, `let-through` is a gateway with a hole,
 * `refuse` has a wrong secret for a known key.
 */
export type Gatekeeping = 'check' | 'let-through' | 'refuse';

/** A request on its way to a gateway. */
export interface Call {
  /** Epoch ms. */
  readonly at: number;
  readonly key: SimulatedKey;
  readonly endpoint: Endpoint;
  /** Number of the object in the path. */
  readonly object: number;
  readonly ip: string;
  readonly agent: string;
  /** What the API would answer to an accepted call. */
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly latencyMs: number;
  readonly gatekeeping: Gatekeeping;
  /** Asked again after a server error; is not asked a third time. */
  readonly isRetry: boolean;
}

/** What a call has that is not its key's habit. */
export type Unusual = Partial<
  Pick<Call, 'object' | 'ip' | 'agent' | 'status' | 'bytesOut' | 'gatekeeping' | 'isRetry'>
>;

/** Objects that a busy customer gains a day. */
const objectsPerDay = 150;

/** Server errors of an API in good health. */
const serverErrorShare = 0.0008;

/** A call by the owner's client, with its usual endpoints. */
export function usualCall(random: Random, key: SimulatedKey, at: number): Call {
  return callTo(random, key, at, drawEndpoint(random, key.mixes.at(at)));
}

/** A call to this endpoint, as the owner's client would make it but for what is said to be unusual. */
export function callTo(
  random: Random,
  key: SimulatedKey,
  at: number,
  endpoint: Endpoint,
  unusual: Unusual = {},
): Call {
  const status = unusual.status ?? statusOf(random, key, endpoint);
  const answered = status < 400;
  return {
    at,
    key,
    endpoint,
    object: unusual.object ?? objectOf(random, key, endpoint, at),
    ip: unusual.ip ?? key.homes.at(at).address(random, at),
    agent: unusual.agent ?? key.agents.at(at),
    status,
    bytesIn: Math.round(random.lognormal(endpoint.bytesIn, isRead(endpoint) ? 0.08 : 0.4)),
    bytesOut:
      unusual.bytesOut ??
      Math.round(
        answered ? random.lognormal(endpoint.bytesOut * key.sizeFactor, 0.55) : random.between(90, 260),
      ),
    latencyMs: Math.max(1, Math.round(random.lognormal(endpoint.latencyMs * key.latencyFactor, 0.5))),
    gatekeeping: unusual.gatekeeping ?? 'check',
    isRetry: unusual.isRetry ?? false,
  };
}

/** The id of the newest object of an endpoint's resource, about. */
export function newestObject(key: SimulatedKey, endpoint: Endpoint, at: number): number {
  const age = Math.max(0, at - key.life.createdAt) / dayMs;
  const gained = endpoint.objects > 1000 ? Math.floor((age * objectsPerDay * endpoint.objects) / 40_000) : 0;
  return key.objectBase + endpoint.objects + gained;
}

function statusOf(random: Random, key: SimulatedKey, endpoint: Endpoint): number {
  const draw = random.unit();
  if (draw < serverErrorShare) return random.pick([500, 502, 503, 504]);
  if (endpoint.status === 404) return 404;
  if (endpoint.id !== null && draw < serverErrorShare + key.missShare) return 404;
  if (!isRead(endpoint) && draw > 1 - key.badShare) return draw > 1 - key.badShare / 3 ? 422 : 400;
  return endpoint.status;
}

/** Few objects: one of a handful that this client works with. Many: one of the newest. */
function objectOf(random: Random, key: SimulatedKey, endpoint: Endpoint, at: number): number {
  if (endpoint.id === null) return 0;
  if (endpoint.objects < 1000) {
    const handful = 1 + (key.index % 5);
    return key.objectBase + ((random.int(1, handful) * 7 + key.index) % endpoint.objects);
  }
  const back = Math.floor(random.exponential(key.objectsTouched)) % endpoint.objects;
  return newestObject(key, endpoint, at) - back;
}
