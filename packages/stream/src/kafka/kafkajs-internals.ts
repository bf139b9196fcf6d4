import { createRequire } from 'node:module';

/**
 * The parts of kafkajs 2.2.4 that its public interface does not give and exactly-once needs. kafkajs is no longer
 * maintained, so its insides do not move; each use checks their shape once and says what is wrong when they did.
 */
const require = createRequire(import.meta.url);

/** What one group join gave: its commits carry the generation and member id of that join, for ever. */
export interface JoinedGroup {
  readonly generationId: number;
  readonly memberId: string;
  /** Sends one offset commit of this generation; the broker refuses it once the generation is over. */
  commitOffsets(offsets: {
    topics: { topic: string; partitions: { partition: number; offset: string; metadata: string }[] }[];
  }): Promise<void>;
}

/** Called around every group join of one consumer. */
export interface JoinHook {
  /** A join begins: partitions held until now may belong to somebody else in a moment. */
  joining(): void;
  /** The join is done and nothing was fetched yet; fetching begins when this resolves. */
  joined(group: JoinedGroup, partitions: readonly number[]): Promise<void>;
}

interface ConsumerGroup {
  topicsSubscribed: string[];
  offsetManager: JoinedGroup;
  assigners: { [joinHook]?: JoinHook }[];
  assigned(): { topic: string; partitions: number[] }[];
  joinAndSync(): Promise<void>;
}

/** Marks a partition assigner with the hook of the consumer that it belongs to. */
export const joinHook = Symbol('tripkey.joinHook');

let patched = false;

/** Applies all patches, once a process. @throws when kafkajs is not the version that we know. */
export function patchKafkajs(): void {
  if (patched) return;
  patched = true;
  patchJoin();
  patchIdleTimer();
}

/**
 * Commits by kafkajs's own interface carry whatever generation the member has *now*, so a late commit after a
 * rebalance passes as a new one. Every join makes a new offset manager that keeps its generation; we take that one.
 */
function patchJoin(): void {
  const { prototype } = require('kafkajs/src/consumer/consumerGroup') as { prototype: ConsumerGroup };
  const { joinAndSync } = prototype;
  if (typeof joinAndSync !== 'function') throw unknownVersion('ConsumerGroup.joinAndSync');
  prototype.joinAndSync = async function (this: ConsumerGroup) {
    const hook = this.assigners.map((assigner) => assigner[joinHook]).find((found) => found !== undefined);
    hook?.joining();
    await joinAndSync.call(this);
    if (!hook) return;
    const group = this.offsetManager;
    if (typeof group?.commitOffsets !== 'function' || typeof group.generationId !== 'number') {
      throw unknownVersion('OffsetManager.commitOffsets');
    }
    await hook.joined(
      group,
      this.assigned().flatMap(({ partitions }) => partitions),
    );
  };
}

/**
 * After a request kafkajs schedules a check of its pending requests even when there are none, with a delay in the
 * past: an endless 1 ms timer on every idle connection (https://github.com/tulios/kafkajs/issues/1556), and from
 * Node 24 on a TimeoutNegativeWarning (https://github.com/tulios/kafkajs/issues/1751).
 */
function patchIdleTimer(): void {
  const { prototype } = require('kafkajs/src/network/requestQueue') as {
    prototype: {
      pending: unknown[];
      throttledUntil: number;
      scheduleCheckPendingRequests(): void;
    };
  };
  const { scheduleCheckPendingRequests } = prototype;
  if (typeof scheduleCheckPendingRequests !== 'function') {
    throw unknownVersion('RequestQueue.scheduleCheckPendingRequests');
  }
  prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length === 0 && this.throttledUntil <= Date.now()) return;
    scheduleCheckPendingRequests.call(this);
  };
}

function unknownVersion(what: string): Error {
  return new Error(`kafkajs has no ${what} as in 2.2.4; install exactly 2.2.4 or adapt kafkajs-internals.ts`);
}
