import type { Call } from '../keys/call.ts';
import type { SimulatedKey } from '../keys/simulated-key.ts';
import { type Incident, isoTime, type Labels } from '../labels.ts';
import type { Random } from '../random/random.ts';
import type { World } from '../world.ts';
import type { Attack, Played } from './attack.ts';
import { attacks } from './index.ts';
import type { AttackKind } from './kinds.ts';

export interface StageParts {
  readonly world: World;
  readonly kinds: readonly AttackKind[];
  /** No attack begins before, epoch ms. */
  readonly from: number;
  readonly random: Random;
}

export interface Staged {
  readonly incidents: readonly Incident[];
  readonly skipped: Labels['skipped'];
  /** The attacks' calls, one list for each, ascending. */
  readonly calls: readonly (readonly Call[])[];
}

/** Other moments that are tried when no key is suited or the attack finds no room. */
const momentsTriedMax = 30;

/** Plays attacks on keys of the world, each key at most once, at times of their own. */
export function stageAttacks({ world, kinds, from, random }: StageParts): Staged {
  const incidents: Incident[] = [];
  const skipped: { type: AttackKind; reason: string }[] = [];
  const calls: (readonly Call[])[] = [];
  const taken = new Set<SimulatedKey>();
  for (const [i, kind] of byChoice(kinds).entries()) {
    const own = random.fork(`${kind}/${i}`);
    const found = playSomewhere(attacks[kind], world, from, taken, own);
    if (!found) {
      skipped.push({ type: kind, reason: 'no key is suited that is not attacked already' });
      continue;
    }
    const { victim, played } = found;
    if (!played.ip) taken.add(victim);
    if (played.silence) victim.silences.push(played.silence);
    calls.push(played.calls);
    incidents.push(incidentOf(attacks[kind], victim, played));
  }
  incidents.sort((a, b) => a.start.localeCompare(b.start));
  return { incidents, skipped, calls };
}

/** What became of a played attack, for the labels. */
export function incidentOf(attack: Attack, victim: SimulatedKey, { calls, silence, ip }: Played): Incident {
  const [start, end] = silence ? [silence.from, silence.to] : [calls[0]!.at, calls.at(-1)!.at];
  return {
    key_id: ip ? null : victim.id,
    type: attack.kind,
    start: isoTime(start),
    end: isoTime(end),
    severity: attack.severity,
    ...(ip ? { ip } : {}),
    requests: calls.length,
  };
}

/** Kinds that need a key of a rare fate choose first. */
function byChoice(kinds: readonly AttackKind[]): AttackKind[] {
  const picky: readonly AttackKind[] = [
    'off-hours',
    'slow-ramp',
    'silence',
    'workflow-abuse',
    'method-shift',
    'low-and-slow',
    'volume-spike',
  ];
  const rank = (kind: AttackKind) => (picky.indexOf(kind) + picky.length + 1) % (picky.length + 1);
  return [...kinds].sort((a, b) => rank(a) - rank(b));
}

function playSomewhere(
  attack: Attack,
  world: World,
  from: number,
  taken: ReadonlySet<SimulatedKey>,
  random: Random,
): { victim: SimulatedKey; played: Played } | null {
  const last = world.span.to - attack.roomMs;
  for (let i = 0; i < momentsTriedMax && last >= from; i++) {
    // A key's creation is not ours to choose: what waits for one looks from the first moment on.
    const at = attack.kind === 'new-key-stolen' ? from : Math.round(random.between(from, last));
    const victim = random.shuffled(world.keys).find((key) => !taken.has(key) && attack.suits(key, at));
    if (!victim) continue;
    const played = attack.play({ victim, at, until: world.span.to, random, world });
    if (played && (played.silence || played.calls.length > 0)) return { victim, played };
  }
  return null;
}
