import { expect, test } from 'vitest';
import { triage } from './triage.ts';

test('what the alerter has not answered yet is not called done', async () => {
  const states = { a: 'done', b: 'waiting', c: 'waiting' } as const;
  const ask = async (id: string) => ({ state: states[id as keyof typeof states], told: null });
  expect(await triage(['a', 'b', 'c'], ask)).toEqual({ done: 1, waiting: 2, refused: [] });
});

test('one that is refused, or cannot be asked for, says why and holds up no other', async () => {
  const ask = async (id: string) => {
    if (id === 'b') throw new Error('Tripkey cannot be reached.');
    return {
      state: id === 'a' ? ('refused' as const) : ('done' as const),
      told: id === 'a' ? 'it is over' : null,
    };
  };
  const ids = ['a', 'b', ...Array.from({ length: 10 }, (_, n) => `c${n}`)];
  expect(await triage(ids, ask)).toEqual({
    ...{ done: 10, waiting: 0 },
    refused: ['it is over', 'Tripkey cannot be reached.'],
  });
});
