import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BirthFacts } from '../habit-facts.ts';
import { aKeySeen, describeRule, judge } from '../testing/index.ts';
import { unlikeItsKin } from './rule.ts';

const now = aKeySeen().at;

/** A key in its first minutes, by how odd among keys is what it does. */
function young(birth: Partial<BirthFacts> = {}, { requests = 100, kin = 1 } = {}) {
  return aKeySeen({
    history: { firstSeenAt: now - 60_000, lastSeenAt: null, requests, activeDays: 1 },
    habits: {
      birth: {
        ...{ surpriseOfYouth: 2, surpriseOfPlace: 1.8, surpriseOfAgent: 0.2, surpriseOfEndpoints: 0.2 },
        ...{ place: 'AS64496', endpoints: [{ method: 'GET', route: '/v1/leads' }] },
        ...birth,
      },
      kin,
    },
  });
}

describeRule(unlikeItsKin, {
  fires: {
    'from where no other key begins': young(),
    'unlike all others in everything, while many keys are young': young({
      ...{ surpriseOfYouth: 0.2, surpriseOfPlace: 1.2, surpriseOfAgent: 1, surpriseOfEndpoints: 0.8 },
    }),
  },
  staysQuiet: {
    'a customer with a client of his own, from a cloud that others use': young({
      ...{ surpriseOfPlace: 0.6, surpriseOfAgent: 1.5 },
    }),
    'one of many new customers': young({ surpriseOfYouth: 0.1 }),
    'a few requests': young({}, { requests: 8 }),
    'the first key of an application': young({}, { kin: 0 }),
    'a key with a past of its own': aKeySeen({ habits: { birth: null } }),
  },
  knownGaps: {
    'a thief in a cloud that customers use as well': [young({ surpriseOfPlace: 0.3 }), 'quiet'],
  },
});

test('what is odder never says less', () => {
  const surprise = fc.double({ min: 0, max: 4, noNaN: true });
  const names = ['surpriseOfYouth', 'surpriseOfPlace', 'surpriseOfAgent', 'surpriseOfEndpoints'] as const;
  const birth = fc.record(Object.fromEntries(names.map((name) => [name, surprise])));
  const score = (of: Partial<BirthFacts>) => {
    const verdict = judge(unlikeItsKin, young(of));
    return verdict.kind === 'fire' ? verdict.score : 0;
  };
  fc.assert(
    fc.property(birth, fc.constantFrom(...names), surprise, (of, name, more) => {
      expect(score({ ...of, [name]: of[name]! + more })).toBeGreaterThanOrEqual(score(of));
    }),
  );
});
