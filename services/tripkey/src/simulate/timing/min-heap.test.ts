import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MinHeap } from './min-heap.ts';

test('items leave in rank order, equal ranks in the order they came', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9)), (ranks) => {
      const heap = new MinHeap<number>();
      for (const [index, rank] of ranks.entries()) heap.push(rank, index);
      const left = ranks.map(() => heap.pop()!);
      expect(left).toEqual(ranks.map((_, index) => index).sort((a, b) => ranks[a]! - ranks[b]! || a - b));
      expect(heap.pop()).toBeUndefined();
    }),
  );
});

test('a top with a later rank lets the next one out first', () => {
  const heap = new MinHeap<string>();
  heap.push(1, 'first');
  heap.push(2, 'second');
  heap.rerankTop(3);
  expect([heap.pop(), heap.pop()]).toEqual(['second', 'first']);
});
