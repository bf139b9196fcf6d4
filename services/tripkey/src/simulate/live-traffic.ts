import type { KeyRecord } from '@tripkey/contract';
import { UsageError } from '../usage-error.ts';
import { attacks } from './attacks/index.ts';
import type { AttackKind } from './attacks/kinds.ts';
import { incidentOf } from './attacks/stage.ts';
import { buildWorld } from './build-world.ts';
import { dayMs } from './calendar/durations.ts';
import { callSources } from './gateway/call-sources.ts';
import { type Arrival, deliver } from './gateway/delivery.ts';
import type { Call } from './keys/call.ts';
import { keyRecord } from './keys/simulated-key.ts';
import type { Incident } from './labels.ts';
import { planOf, type SimulationOptions } from './options.ts';
import { Random } from './random/random.ts';

export interface LiveOptions {
  /** The history that the live traffic goes on from: the same keys with the same habits. */
  readonly history: SimulationOptions;
  /** First moment, RFC 3339. Default: the end of the history. */
  readonly from?: string;
  /** When it ends. Default 7 days after it begins. */
  readonly days?: number;
  /** An attack to play. */
  readonly theft?: Theft;
}

export interface Theft {
  readonly kind: AttackKind;
  /** Begins so long after the live traffic does, ms. */
  readonly afterMs: number;
  /** Default: a key that is suited, chosen by the seed. */
  readonly keyId?: string;
}

export interface LiveTraffic {
  readonly keys: readonly KeyRecord[];
  /** The attack that is in the traffic. */
  readonly incident: Incident | null;
  /** Ascending by `atMs`; whoever plays it waits for each moment on a clock of their own. */
  arrivals(): Generator<Arrival>;
}

/**
 * Traffic of a simulated business from now on, made while it is read. Deterministic: equal options give equal
 * events, however fast they are played.
 * @throws {UsageError} on options that make no sense, and when no key is suited for the theft.
 */
export function liveTraffic({ history, from, days = 7, theft }: LiveOptions): LiveTraffic {
  const plan = planOf(history);
  const built = buildWorld(plan);
  const begin = from === undefined ? plan.to : Date.parse(from);
  if (Number.isNaN(begin)) throw new UsageError(`${from} is not a time such as 2026-03-02T00:00:00Z`);
  const world = { ...built.world, span: { from: begin, to: begin + Math.round(days * dayMs) } };
  const stolen = theft ? playTheft(theft, world) : null;
  return {
    keys: world.keys.map((key) => keyRecord(key, begin)),
    incident: stolen?.incident ?? null,
    arrivals() {
      const random = new Random(`${world.seed}/live/${begin}`);
      const sources = callSources(world, stolen ? [stolen.calls] : [], random);
      return deliver({ world, sources, random: random.fork('gateways') });
    },
  };
}

function playTheft(
  { kind, afterMs, keyId }: Theft,
  world: ReturnType<typeof buildWorld>['world'],
): { incident: Incident; calls: readonly Call[] } {
  const attack = attacks[kind];
  const random = new Random(`${world.seed}/theft/${kind}`);
  const at = world.span.from + afterMs;
  const suited = world.keys.filter(
    (key) => (keyId === undefined || key.id === keyId) && attack.suits(key, at),
  );
  for (const victim of random.shuffled(suited)) {
    const played = attack.play({ victim, at, until: world.span.to, random, world });
    if (!played) continue;
    if (played.silence) victim.silences.push(played.silence);
    return { incident: incidentOf(attack, victim, played), calls: played.calls };
  }
  throw new UsageError(`no key is suited for ${kind}${keyId === undefined ? '' : ` (asked for ${keyId})`}`);
}
