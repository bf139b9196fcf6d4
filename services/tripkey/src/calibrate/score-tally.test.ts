import { expect, test } from 'vitest';
import { ScoreTally } from './score-tally.ts';

const minuteMs = 60_000;

test('a stretch of a key counts once, by its highest score', () => {
  const tally = new ScoreTally(15 * minuteMs);
  for (const [minute, score] of [0.5, 3.2, 2.9].entries())
    tally.note('a', 'steady', minute * minuteMs, score);
  tally.note('a', 'steady', 15 * minuteMs, 0);
  tally.note('b', 'steady', minuteMs, 1);
  expect(tally.finish()).toEqual([['steady', { judged: 3, couldNotTell: 0, reached: [2, 1, 1, 0, 0] }]]);
});

test('a stretch in which the rule could never tell is not among those judged', () => {
  const tally = new ScoreTally(15 * minuteMs);
  tally.note('a', 'sparse', 0, null);
  tally.note('b', 'sparse', 0, null);
  tally.note('b', 'sparse', minuteMs, 0);
  expect(tally.finish()).toEqual([['sparse', { judged: 1, couldNotTell: 1, reached: [0, 0, 0, 0, 0] }]]);
});

test('classes are counted apart, and a stretch belongs to the class that its key had last in it', () => {
  const tally = new ScoreTally(15 * minuteMs);
  tally.note('a', 'busy', 0, 5);
  tally.note('b', 'sparse', 0, 0);
  tally.note('b', 'steady', minuteMs, 0);
  expect(tally.finish().map(([keyClass, { judged }]) => [keyClass, judged])).toEqual([
    ['steady', 1],
    ['busy', 1],
  ]);
});
