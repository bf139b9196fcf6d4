import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Claim, shareOut } from './share-out.ts';

/** Detectors that look, claim and give back in any order, with what each remembers of its own. */
class Installation {
  readonly shards: number[];
  readonly claims = new Map<number, Claim>();
  readonly alive = new Map<string, Set<number>>();

  constructor(shards: number) {
    this.shards = Array.from({ length: shards }, (_, i) => i);
  }

  turn(me: string): number {
    const judging = this.alive.get(me)!;
    for (const shard of judging) if (this.claims.get(shard)?.member !== me) judging.delete(shard);
    const { take, giveBack } = shareOut({
      ...{ shards: this.shards, claims: [...this.claims.values()], me, judging },
      members: [...this.alive.keys()],
    });
    const write = (shard: number, member: string) =>
      this.claims.set(shard, { shard, member, epoch: (this.claims.get(shard)?.epoch ?? 0) + 1 });
    for (const shard of giveBack) {
      judging.delete(shard);
      write(shard, '');
    }
    for (const shard of take) {
      judging.add(shard);
      write(shard, me);
    }
    return take.length + giveBack.length;
  }

  /** Lets all take turns until nothing changes. */
  settle(): void {
    for (let changes = 1, rounds = 0; changes > 0; rounds++) {
      changes = [...this.alive.keys()].reduce((sum, member) => sum + this.turn(member), 0);
      expect(rounds).toBeLessThan(2 + 2 * this.shards.length);
    }
  }

  /** How many shards each judges under a claim that counts. */
  get sizes(): number[] {
    return [...this.alive].map(
      ([member, judging]) => [...judging].filter((shard) => this.claims.get(shard)?.member === member).length,
    );
  }
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('come' as const), who: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ kind: fc.constant('die' as const), who: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ kind: fc.constant('look' as const), who: fc.integer({ min: 0, max: 5 }) }),
);

test('whoever comes and dies, in the end every shard has one owner and nobody has two more than another', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 40 }), (shards, steps) => {
      const all = new Installation(shards);
      for (const { kind, who } of steps) {
        const member = `detector-${who}`;
        if (kind === 'come' && !all.alive.has(member)) all.alive.set(member, new Set());
        else if (kind === 'die') all.alive.delete(member);
        else if (all.alive.has(member)) all.turn(member);
      }
      if (all.alive.size === 0) all.alive.set('detector-0', new Set());
      all.settle();
      expect(all.sizes.reduce((sum, size) => sum + size, 0)).toBe(shards);
      expect(Math.max(...all.sizes) - Math.min(...all.sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('a detector that starts again under its name takes its shards at once, and those of nobody else', () => {
  const claims = [
    { shard: 0, epoch: 7, member: 'a' },
    { shard: 1, epoch: 4, member: 'b' },
  ];
  const situation = { shards: [0, 1], claims, members: ['b'], me: 'a' };
  expect(shareOut({ ...situation, judging: new Set() })).toEqual({ take: [0], giveBack: [] });
  expect(shareOut({ ...situation, judging: new Set([0]) })).toEqual({ take: [], giveBack: [] });
});

test('a detector that starts again takes all it had, though another came with it: nobody else would judge them', () => {
  const claims = [0, 1].map((shard) => ({ shard, epoch: 3, member: 'b' }));
  const situation = { shards: [0, 1], claims, members: ['a', 'b'] };
  expect(shareOut({ ...situation, me: 'a', judging: new Set() })).toEqual({ take: [], giveBack: [] });
  expect(shareOut({ ...situation, me: 'b', judging: new Set() })).toEqual({ take: [0, 1], giveBack: [] });
  expect(shareOut({ ...situation, me: 'b', judging: new Set([0, 1]) })).toEqual({ take: [], giveBack: [1] });
});

test('shards that are in their owners’ hands stay there when the shares are even', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), (perMember, members) => {
      const names = Array.from({ length: members }, (_, i) => `detector-${i}`);
      const claims = Array.from({ length: perMember * members }, (_, shard) => ({
        ...{ shard, epoch: 1, member: names[shard % members]! },
      }));
      for (const me of names) {
        const judging = new Set(claims.filter(({ member }) => member === me).map(({ shard }) => shard));
        const shards = claims.map(({ shard }) => shard);
        expect(shareOut({ shards, claims, members: names, me, judging })).toEqual({ take: [], giveBack: [] });
      }
    }),
  );
});
