import { setImmediate } from 'node:timers/promises';
import { Metrics } from '@tripkey/service-kit';
import { ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import type { Store } from '@tripkey/store';
import { InMemoryBroker } from '@tripkey/stream/memory';
import { expect, test } from 'vitest';
import { detector } from './detector.ts';
import type { Claim } from './shards/share-out.ts';

const leaseMs = 10_000;

/** As much of a store as sharing out needs; to load a shard takes long. */
class StoreOfClaims {
  readonly clock: ManualClock;
  readonly claims = new Map<number, Claim>();
  /** When each detector said that it is there. */
  readonly beats = new Map<string, number[]>();
  readonly #loadMs: number;

  constructor(clock: ManualClock, loadMs: number) {
    this.clock = clock;
    this.#loadMs = loadMs;
  }

  async ask({ name }: { name: string }): Promise<object[]> {
    if (name === 'detector-claims')
      return [...this.claims.values()].map(({ epoch, ...claim }) => ({ ...claim, newest: epoch }));
    if (name === 'detector-members') {
      const seen = [...this.beats].filter(([, times]) => times.at(-1)! >= this.clock.now() - leaseMs);
      return seen.map(([member]) => ({ member }));
    }
    if (name === 'detector-progress') await this.clock.sleep(this.#loadMs);
    return [];
  }

  async insert(table: string, rows: readonly object[]): Promise<void> {
    if (table === 'detector_claims_v1')
      for (const claim of rows as Claim[])
        if (claim.epoch >= (this.claims.get(claim.shard)?.epoch ?? 0)) this.claims.set(claim.shard, claim);
    if (table === 'detector_members_v1')
      for (const { member } of rows as { member: string }[])
        this.beats.set(member, [...(this.beats.get(member) ?? []), this.clock.now()]);
  }
}

test('a detector that waits until a shard is loaded goes on to say that it is there, and the shares settle', async () => {
  const clock = new ManualClock();
  const store = new StoreOfClaims(clock, 6 * leaseMs);
  const stop = new AbortController();
  const start = (member: string) =>
    detector(
      {
        ...{ store: store as unknown as Store, findings: new InMemoryBroker().sink('findings') },
        ...{ clock, log: silentLogger, metrics: new Metrics(), shards: 4, leaseMs, member },
      },
      stop.signal,
    );
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      for (let turn = 0; turn < 10; turn++) await setImmediate();
      await clock.advance(1_000);
    }
  };
  const running = [start('one')];
  await pass(5);
  running.push(start('two'));
  await pass(300);
  const settled = [...store.claims.values()];
  await pass(120);

  for (const times of store.beats.values()) {
    const pauses = times.slice(1).map((at, i) => at - times[i]!);
    expect(Math.max(...pauses)).toBeLessThan(leaseMs);
  }
  expect([...store.claims.values()]).toEqual(settled);
  const owned = (member: string) => settled.filter((claim) => claim.member === member).length;
  expect([owned('one'), owned('two')].toSorted()).toEqual([2, 3]);
  stop.abort();
  await pass(120);
  await Promise.all(running);
});
