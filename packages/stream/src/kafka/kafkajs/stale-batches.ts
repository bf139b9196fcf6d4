import type { OffsetManager } from './group-join.ts';
import { kafkajsModule } from './internals.ts';

interface ConsumerGroup {
  offsetManager: OffsetManager;
  fetch(nodeId: string): Promise<object[]>;
}

interface Runner {
  consumerGroup: ConsumerGroup;
  handleBatch(batch: object): Promise<void>;
}

/**
 * The trap: with several brokers, one fetch can make the member join again while another is on its way, or while its
 * batches wait for the handler. They were fetched from a position of the old generation. Handled under the new one,
 * whose position is the committed offset, they would step over every record in between: records lost without a word.
 *
 * So every batch remembers the generation that it was fetched under, and is dropped under another; its records come
 * again from the new position.
 */
export function patchStaleBatches(): void {
  const { prototype: group } = kafkajsModule<{ prototype: ConsumerGroup }>('consumer/consumerGroup');
  const { prototype: runner } = kafkajsModule<{ prototype: Runner }>('consumer/runner');
  const { fetch } = group;
  const { handleBatch } = runner;
  const fetchedUnder = new WeakMap<object, OffsetManager>();
  group.fetch = async function (this: ConsumerGroup, nodeId) {
    const { offsetManager } = this;
    const batches = await fetch.call(this, nodeId);
    for (const batch of batches) fetchedUnder.set(batch, offsetManager);
    return batches;
  };
  runner.handleBatch = async function (this: Runner, batch) {
    if (fetchedUnder.get(batch) !== this.consumerGroup.offsetManager) return;
    await handleBatch.call(this, batch);
  };
}
