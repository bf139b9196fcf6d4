import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aSourceSeen, describeRule, judge, judgeFire } from '../testing/index.ts';
import { unknownKeyProbing } from './rule.ts';

const probed = (unknownRequests: number, keysNew = 1) =>
  aSourceSeen({ keysNew, unknownRequests, requests: unknownRequests + 4, denied: unknownRequests });

describeRule(unknownKeyProbing, {
  fires: {
    'a hundred guesses in a quarter of an hour': probed(100),
    'guesses, and two keys that are known': probed(30, 3),
  },
  staysQuiet: {
    'an address that used a known key': aSourceSeen(),
    'a key mistyped a few times': probed(8),
  },
  knownGaps: { 'a client whose key was deleted': [probed(25), 'fire'] },
});

test('guesses alone open no incident, a known key among them may', () => {
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 1_000_000 }), (requests) => {
      const alone = judgeFire(unknownKeyProbing, probed(requests));
      expect(alone.score).toBeLessThan(3.75);
      expect(judgeFire(unknownKeyProbing, probed(requests, 3)).score).toBeGreaterThan(alone.score);
    }),
  );
});

test('the stated nearest quiet number of requests is quiet', () => {
  const { quietAt } = judgeFire(unknownKeyProbing, probed(500));
  expect(judge(unknownKeyProbing, probed(Number(quietAt))).kind).toBe('quiet');
});

test('ids that nobody made are guesses, and not known keys however many they are', () => {
  const guessed = judgeFire(unknownKeyProbing, aSourceSeen({ ...probed(100), keysNew: 40, keysMadeUp: 40 }));
  expect(guessed).toMatchObject({ score: judgeFire(unknownKeyProbing, probed(100)).score });
  expect(guessed.observed).toMatchObject({ keys_known: 0 });
});
