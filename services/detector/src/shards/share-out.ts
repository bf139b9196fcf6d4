/** The claim that counts of a shard. */
export interface Claim {
  readonly shard: number;
  readonly epoch: number;
  /** Empty when it was given back. */
  readonly member: string;
}

export interface Situation {
  readonly shards: readonly number[];
  readonly claims: readonly Claim[];
  /** The detectors that are there. */
  readonly members: readonly string[];
  readonly me: string;
  /** What I judge; a claim of mine from a former life is nobody's. */
  readonly judging: ReadonlySet<number>;
}

/**
 * What a detector does next about shards, from what all can see. Each decides alone and all by the same rule: shards that
 * nobody owns go one by one to whoever has fewest, and who has two more than another gives one back. Should two see
 * different things and claim the same shard, the higher epoch has it.
 */
export function shareOut({ shards, claims, members, me, judging }: Situation): {
  readonly take: number[];
  readonly giveBack: number[];
} {
  const counts = new Map([...new Set([...members, me])].sort().map((member) => [member, 0]));
  const free: number[] = [];
  const owners = new Map(claims.map(({ shard, member }) => [shard, member]));
  for (const shard of [...shards].sort((a, b) => a - b)) {
    const owner = owners.get(shard) ?? '';
    const owned = counts.get(owner);
    if (owned === undefined || (owner === me && !judging.has(shard))) free.push(shard);
    else counts.set(owner, owned + 1);
  }
  const take: number[] = [];
  for (const shard of free) {
    const [least] = [...counts].sort(([, a], [, b]) => a - b)[0]!;
    counts.set(least, counts.get(least)! + 1);
    if (least === me) take.push(shard);
  }
  const mine = counts.get(me)!;
  const most = [...counts].sort(([, a], [, b]) => b - a)[0]!;
  const isTooMany = take.length === 0 && most[0] === me && mine - Math.min(...counts.values()) >= 2;
  const giveBack = isTooMany ? [...judging].sort((a, b) => b - a).slice(0, 1) : [];
  return { take, giveBack };
}
