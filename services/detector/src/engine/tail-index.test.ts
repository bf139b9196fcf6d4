import { expect, test } from 'vitest';
import { TailIndex } from './tail-index.ts';

/** The index learnt from a Pareto distribution, its quantiles taken in a scattered order. */
function learntFrom(index: number, values = 4_000): TailIndex {
  const tail = new TailIndex();
  for (let i = 0; i < values; i++) {
    const share = ((i * 2_654_435_761) % 2 ** 32) / 2 ** 32;
    tail.learn(10 * (1 - share) ** (-1 / index));
  }
  return tail;
}

test('before anything is learnt it is the prior', () => {
  expect(new TailIndex().index).toBe(3);
});

test.each([1, 1.5, 2.5])('it finds the index of a Pareto distribution: %d', (index) => {
  expect(learntFrom(index).index).toBeGreaterThan(0.75 * index);
  expect(learntFrom(index).index).toBeLessThan(1.35 * index);
});

test('it stays within its bounds, however wild or tame a key is', () => {
  expect(learntFrom(0.1).index).toBe(0.8);
  expect(learntFrom(50).index).toBe(4);
});

test('saved and restored, it learns on the same', () => {
  const going = learntFrom(2, 100);
  const restored = new TailIndex();
  restored.restore(JSON.parse(JSON.stringify(going.toJSON())));
  for (const tail of [going, restored]) for (let i = 1; i < 50; i++) tail.learn(i * i);
  expect(restored.toJSON()).toEqual(going.toJSON());
});
