import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, aNewEndpoint, describeRule, judge } from '../testing/index.ts';
import { firstUseOfEndpoint } from './rule.ts';

const unheardOf = { surpriseOfNews: 2.5, surpriseOfValue: 2 };
/** A burst that looks like somebody else's. */
const strange = { mix: { evidence: 1 } };

describeRule(firstUseOfEndpoint, {
  fires: {
    'a settled key calls what no peer calls': aKeySeen({ ...strange, endpoints: [aNewEndpoint(unheardOf)] }),
    'several at once': aKeySeen({
      ...strange,
      endpoints: [
        aNewEndpoint(unheardOf),
        aNewEndpoint({ ...unheardOf, route: '/v1/exports', method: 'POST' }),
      ],
    }),
  },
  staysQuiet: {
    'nothing new': aKeySeen(),
    'something new that is not of this moment': aKeySeen({
      ...strange,
      endpoints: [aNewEndpoint({ ...unheardOf, fresh: false })],
    }),
    'a key that shows news every hour': aKeySeen({
      ...strange,
      endpoints: [aNewEndpoint({ ...unheardOf, surpriseOfNews: 0.2 })],
    }),
    'a burst that looks like the owner in all else': aKeySeen({ endpoints: [aNewEndpoint(unheardOf)] }),
    'a release that three peers had before': aKeySeen({
      ...strange,
      endpoints: [aNewEndpoint({ ...unheardOf, peersStarting: 3 })],
    }),
  },
  knownGaps: {
    'the first key that gets a release': [
      aKeySeen({ ...strange, endpoints: [aNewEndpoint(unheardOf)] }),
      'fire',
    ],
  },
});

test('a sensitive write outweighs a plain read', () => {
  const little = { surpriseOfNews: 2, surpriseOfValue: 0.8 };
  const read = judge(firstUseOfEndpoint, aKeySeen({ ...strange, endpoints: [aNewEndpoint(little)] }));
  const write = judge(
    firstUseOfEndpoint,
    aKeySeen({
      ...strange,
      endpoints: [aNewEndpoint({ ...little, method: 'DELETE', route: '/v1/api-keys/{id}' })],
    }),
  );
  if (read.kind !== 'fire' || write.kind !== 'fire') throw new Error('did not fire');
  expect(write.score).toBeGreaterThan(read.score);
});

test('one more new endpoint never lowers the score, unless it shows that there is a release', () => {
  const surprise = fc.double({ min: 0, max: 4, noNaN: true });
  fc.assert(
    fc.property(
      surprise,
      fc.array(surprise, { minLength: 1, maxLength: 6 }),
      surprise,
      (own, values, more) => {
        const seen = (all: number[]) =>
          judge(
            firstUseOfEndpoint,
            aKeySeen({
              ...strange,
              endpoints: all.map((surpriseOfValue) => aNewEndpoint({ surpriseOfNews: own, surpriseOfValue })),
            }),
          );
        const [before, after] = [seen(values), seen([...values, more])];
        if (before.kind !== 'fire') return;
        expect(after.kind === 'fire' && after.score >= before.score - 1e-9).toBe(true);
      },
    ),
  );
});
