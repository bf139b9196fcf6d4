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
  /** What I judge; what I claimed in a former life and do not judge I take again. */
  readonly judging: ReadonlySet<number>;
}

/**
 * What a detector does next about shards, from what all can see. Each decides alone and all by the same rule: shards that
 * nobody owns go one by one to whoever has fewest, and who has two more than another gives one back. Who starts again under
 * its name takes first all that it had: to the others these shards are in its hands, nobody else would. Should two see
 * different things and claim the same shard, the higher epoch has it.
 */
export function shareOut({ shards, claims, members, me, judging }: Situation): {
  readonly take: number[];
  readonly giveBack: number[];
} {
  const counts = new Map([...new Set([...members, me])].sort().map((member) => [member, 0]));
  const take: number[] = [];
  const free: number[] = [];
  const owners = new Map(claims.map(({ shard, member }) => [shard, member]));
  for (const shard of [...shards].sort((a, b) => a - b)) {
    const owner = owners.get(shard) ?? '';
    const owned = counts.get(owner);
    if (owned === undefined) {
      free.push(shard);
      continue;
    }
    counts.set(owner, owned + 1);
    if (owner === me && !judging.has(shard)) take.push(shard);
  }
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
