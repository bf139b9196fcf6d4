import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aKeySeen, aNewEndpoint, describeRule, judge, judgeFire } from '../testing/index.ts';
import { outsideScopes } from './rule.ts';

const refusedOutside = aNewEndpoint({ route: '/v1/api-keys', granted: false, accepted: 0, denied: 5 });
const acceptedOutside = aNewEndpoint({ route: '/v1/exports', granted: false });

describeRule(outsideScopes, {
  fires: {
    'refused where it has no business': aKeySeen({ endpoints: [refusedOutside] }),
    'let through where it has none': aKeySeen({ endpoints: [acceptedOutside] }),
  },
  staysQuiet: {
    'nothing new': aKeySeen(),
    'a new endpoint that its scopes cover': aKeySeen({ endpoints: [aNewEndpoint({ granted: true })] }),
    'a key whose scopes nobody told of': aKeySeen({ endpoints: [aNewEndpoint({ granted: null })] }),
    'something outside that is not of this moment': aKeySeen({
      endpoints: [{ ...refusedOutside, fresh: false }],
    }),
    'what other keys began of late as well: a release whose scope is missing in the table': aKeySeen({
      endpoints: [{ ...acceptedOutside, peersStarting: 2 }],
    }),
    'an endpoint outside that only failed otherwise': aKeySeen({
      endpoints: [{ ...refusedOutside, denied: 0 }],
    }),
  },
  cannotTell: {
    'a key that no issuer told of': [
      aKeySeen({ key: null, endpoints: [refusedOutside] }),
      'the issuer has not told us about the key',
    ],
  },
  knownGaps: {
    'an owner who tries what the key may do': [aKeySeen({ endpoints: [refusedOutside] }), 'fire'],
    'an endpoint outside that the key has always used': [aKeySeen(), 'quiet'],
  },
});

test('where the scope table is complete, one request let through outside is critical', () => {
  const seen = aKeySeen({ endpoints: [acceptedOutside] });
  expect(judge(outsideScopes, seen)).not.toMatchObject({ severity: 'critical' });
  expect(judge(outsideScopes, seen, { enforced: true })).toMatchObject({ severity: 'critical' });
  const refused = aKeySeen({ endpoints: [refusedOutside] });
  expect(judge(outsideScopes, refused, { enforced: true })).not.toMatchObject({ severity: 'critical' });
});

test('each further endpoint outside adds to the score, up to what the rule may say alone', () => {
  const { scoreMax } = outsideScopes.params.parse({});
  const endpoint = fc.constantFrom(refusedOutside, acceptedOutside);
  fc.assert(
    fc.property(fc.array(endpoint, { minLength: 1, maxLength: 30 }), endpoint, (endpoints, more) => {
      const before = judgeFire(outsideScopes, aKeySeen({ endpoints })).score;
      const after = judgeFire(outsideScopes, aKeySeen({ endpoints: [...endpoints, more] })).score;
      expect(after).toBeLessThanOrEqual(scoreMax);
      expect(after > before || after === scoreMax).toBe(true);
    }),
  );
});
