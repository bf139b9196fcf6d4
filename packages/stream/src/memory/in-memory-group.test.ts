import { setImmediate } from 'node:timers/promises';
import { eventually } from '@tripkey/service-kit/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LeaseLostError } from '../broker.ts';
import { Recorder } from '../testing/recorder.ts';
import { InMemoryBroker } from './in-memory-broker.ts';

const partitions = 3;

interface Member {
  readonly recorder: Recorder;
  readonly stop: AbortController;
  readonly run: Promise<void>;
}

/** What may happen to a group, in any order; `who` picks among the members that there are. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('join' as const) }),
  fc.record({ kind: fc.constant('leave' as const), who: fc.nat(9) }),
  fc.record({ kind: fc.constant('commit' as const), who: fc.nat(9), lease: fc.nat(9) }),
  fc.record({ kind: fc.constant('wait' as const) }),
);

test('whatever joins, leaves and commits: a lease begins at the committed offset and has no hole, nothing is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (happenings) => {
      const broker = new InMemoryBroker();
      await broker.ensureTopics([{ topic: 't', partitions }]);
      const members: Member[] = [];
      const recorders: Recorder[] = [];
      const join = () => {
        const recorder = new Recorder();
        const stop = new AbortController();
        recorders.push(recorder);
        members.push({ recorder, stop, run: broker.source('t', 'g').run(recorder, stop.signal) });
      };
      const leave = async (member: Member) => {
        members.splice(members.indexOf(member), 1);
        member.stop.abort();
        await member.run;
      };

      for (const happens of happenings) {
        if (happens.kind === 'send') {
          await broker.sink('t').send(Array.from({ length: happens.count }, () => ({ value: 'v' })));
        } else if (happens.kind === 'join') {
          join();
        } else if (happens.kind === 'wait') {
          await setImmediate();
        } else {
          const member = members[happens.who % Math.max(1, members.length)];
          if (!member) continue;
          if (happens.kind === 'leave') await leave(member);
          else await commitTaken(member.recorder, happens.lease);
        }
      }

      const before = committedOffsets();
      for (const member of [...members]) await leave(member);
      expect(committedOffsets()).toEqual(before);
      join();
      await eventually(() => {
        for (let partition = 0; partition < partitions; partition++) {
          const rest = members[0]!.recorder.taken.filter((taken) => taken.partition === partition);
          expect(rest).toHaveLength(broker.size('t', partition) - Number(before[partition]));
        }
      });
      await leave(members[0]!);
      for (const recorder of recorders) expectNoHoles(recorder);

      /** Commits all that was taken under one lease, maybe an old one. */
      async function commitTaken(recorder: Recorder, which: number) {
        const lease = recorder.leases[which % Math.max(1, recorder.leases.length)];
        if (!lease) return;
        const offsetsBefore = committedOffsets();
        for (const partition of lease.partitions) {
          const taken = recorder.taken.filter((one) => one.lease === lease && one.partition === partition);
          const last = taken.at(-1);
          if (!last) continue;
          const commit = lease.commit(partition, last.record.offset + 1n);
          if (lease.held) await commit;
          else await expect(commit).rejects.toBeInstanceOf(LeaseLostError);
        }
        if (!lease.held) expect(committedOffsets()).toEqual(offsetsBefore);
      }

      function committedOffsets(): bigint[] {
        return Array.from({ length: partitions }, (_, p) => broker.committed('t', 'g', p).offset ?? 0n);
      }
    }),
    { numRuns: 200 },
  );
});

function expectNoHoles(recorder: Recorder): void {
  for (const lease of recorder.leases) {
    for (const partition of lease.partitions) {
      const offsets = recorder.taken
        .filter((taken) => taken.lease === lease && taken.partition === partition)
        .map(({ record }) => record.offset);
      const from = lease.committed.get(partition)?.offset ?? 0n;
      expect(offsets).toEqual(offsets.map((_, i) => from + BigInt(i)));
    }
  }
}
