import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, amount, describeRule, judge, judgeFire } from '../testing/index.ts';
import { objectEnumeration } from './rule.ts';

/** A key whose window touched so many objects, of which so many do not exist. */
function walked(objects: number, notFound: number, changes: { peak?: number; windows?: number } = {}) {
  return aKeySeen({
    window: { requests: objects, accepted: objects - notFound, notFound, objects },
    amounts: {
      objects: amount({ peak: 40, ...changes, observed: objects }),
      notFound: amount({ peak: 2, windows: changes.windows ?? 500, observed: notFound }),
    },
  });
}

describeRule(objectEnumeration, {
  fires: {
    'half of the ids asked for do not exist': walked(120, 60),
    'every id in turn, hundreds a quarter of an hour': walked(4_000, 0),
    both: walked(4_000, 900),
  },
  staysQuiet: {
    'an ordinary window': aKeySeen(),
    'a few misses': walked(60, 10),
    'misses that are a small share': walked(400, 20, { peak: 350 }),
    'many objects, as always': walked(900, 0, { peak: 1_000 }),
    'somewhat more objects than ever': walked(160, 0, { peak: 120 }),
  },
  cannotTell: {
    'a key of an hour': [walked(4_000, 900, { windows: 4 }), 'needs 8 active quarter hours'],
  },
  knownGaps: {
    'a first full synchronisation': [walked(6_000, 0), 'fire'],
    'a walk that is slower than the key ever was': [walked(39, 0), 'quiet'],
  },
});

const count = fc.integer({ min: 0, max: 10_000 });

test('more objects or more misses never turn a firing window quiet, nor lower its score', () => {
  fc.assert(
    fc.property(count, count, count, (found, missed, more) => {
      const before = judge(objectEnumeration, walked(found + missed, missed));
      if (before.kind !== 'fire') return;
      const after = judgeFire(objectEnumeration, walked(found + missed + more, missed + more));
      expect(after.score).toBeGreaterThanOrEqual(before.score);
    }),
  );
});

test('the stated nearest quiet value is one of what was decisive', () => {
  const guesses = judgeFire(objectEnumeration, walked(120, 60));
  expect(judge(objectEnumeration, walked(120, Number(guesses.quietAt))).kind).toBe('quiet');
  const walks = judgeFire(objectEnumeration, walked(4_000, 0));
  expect(judge(objectEnumeration, walked(Number(walks.quietAt), 0)).kind).toBe('quiet');
});
