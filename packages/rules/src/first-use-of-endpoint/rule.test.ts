import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, aNewEndpoint, describeRule, judge } from '../testing/index.ts';
import { firstUseOfEndpoint } from './rule.ts';

const unheardOf = { surpriseOfNews: 2.5, surpriseOfValue: 2 };

describeRule(firstUseOfEndpoint, {
  fires: {
    'a settled key calls what no peer calls': aKeySeen({ endpoints: [aNewEndpoint(unheardOf)] }),
    'several at once': aKeySeen({
      endpoints: [
        aNewEndpoint(unheardOf),
        aNewEndpoint({ ...unheardOf, route: '/v1/exports', method: 'POST' }),
      ],
    }),
  },
  staysQuiet: {
    'nothing new': aKeySeen(),
    'something new that is not of this moment': aKeySeen({
      endpoints: [aNewEndpoint({ ...unheardOf, fresh: false })],
    }),
    'a key that shows news every hour': aKeySeen({
      endpoints: [aNewEndpoint({ ...unheardOf, surpriseOfNews: 0.2 })],
    }),
    'a release that three peers had before': aKeySeen({
      endpoints: [aNewEndpoint({ ...unheardOf, peersStarting: 3 })],
    }),
  },
  knownGaps: {
    'the first key that gets a release': [aKeySeen({ endpoints: [aNewEndpoint(unheardOf)] }), 'fire'],
  },
});

test('a sensitive write outweighs a plain read', () => {
  const read = judge(firstUseOfEndpoint, aKeySeen({ endpoints: [aNewEndpoint(unheardOf)] }));
  const write = judge(
    firstUseOfEndpoint,
    aKeySeen({ endpoints: [aNewEndpoint({ ...unheardOf, method: 'DELETE', route: '/v1/api-keys/{id}' })] }),
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
