import { MinHeap } from './min-heap.ts';

/**
 * One ascending stream out of batches that overlap: each batch is ascending, and batches begin one after the other.
 */
export function* inOrder<T extends { readonly at: number }>(batches: Iterable<readonly T[]>): Generator<T> {
  const waiting = new MinHeap<T>();
  for (const batch of batches) {
    const first = batch[0];
    if (!first) continue;
    while (waiting.rank <= first.at) yield waiting.pop()!;
    for (const item of batch) waiting.push(item.at, item);
  }
  while (waiting.size > 0) yield waiting.pop()!;
}
