import { patchEmptyQueueTimer } from './empty-queue-timer.ts';
import { patchGroupJoin } from './group-join.ts';
import { patchLargeBatches } from './large-batches.ts';
import { patchLostOffsets } from './lost-offsets.ts';
import { readAllCodecs } from './read-codecs.ts';
import { patchStaleBatches } from './stale-batches.ts';

let patched = false;

/**
 * Guards this process against what kafkajs does wrong and its public interface cannot change. Each guard is a file of
 * this folder that names its trap.
 * @throws when kafkajs is not the release that the guards are made for.
 */
export function patchKafkajs(): void {
  if (patched) return;
  patchGroupJoin();
  patchStaleBatches();
  patchLostOffsets();
  patchLargeBatches();
  patchEmptyQueueTimer();
  readAllCodecs();
  patched = true;
}
