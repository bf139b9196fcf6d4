import { expect, test } from 'vitest';
import { anArrival, minuteMs, monday } from '../testing/made-traffic.ts';
import { SourceWatch, unknownKeyId } from './source-watch.ts';

const ip = '198.51.100.9';
const use = (keyId: string, denied = 0, accountId = 'acct_acme') =>
  anArrival(monday, { keyId, ip, accountId, traffic: { requests: 3, denied } });

test('what an address did with keys to which it is news is summed over them', () => {
  const watch = new SourceWatch();
  watch.take(use('key_a', 3), monday);
  watch.take(use('key_b', 0, 'acct_other'), monday + minuteMs);
  watch.take(use('key_b', 1, 'acct_other'), monday + minuteMs);
  expect(watch.facts(ip, monday + 2 * minuteMs)).toMatchObject({
    ...{ ip, keysNew: 2, accounts: 2, requests: 9, denied: 4 },
    keyIds: ['key_a', 'key_b'],
  });
});

test('ids that nobody made are told apart from keys', () => {
  const watch = new SourceWatch();
  watch.take(use('key_a'), monday);
  watch.take(use('key_guessed', 3), monday, true);
  watch.take(use(unknownKeyId, 3), monday);
  expect(watch.facts(ip, monday)).toMatchObject({ keysNew: 3, keysMadeUp: 2, unknownRequests: 3 });
  watch.take(use('key_guessed'), monday);
  expect(watch.facts(ip, monday)).toMatchObject({ keysMadeUp: 1 });
});

test('after a quarter of an hour a use is forgotten, and so is an address without any', () => {
  const watch = new SourceWatch();
  watch.take(use('key_a'), monday);
  watch.take(use('key_b'), monday + 10 * minuteMs);
  expect(watch.facts(ip, monday + 15 * minuteMs)).toMatchObject({ keyIds: ['key_b'] });
  expect(watch.facts(ip, monday + 25 * minuteMs)).toBeNull();
  expect(watch.toJSON()).toEqual([]);
});

test('a gateway that does not tell addresses makes no source', () => {
  const watch = new SourceWatch();
  watch.take(anArrival(monday, { ip: '' }), monday);
  expect(watch.facts('', monday)).toBeNull();
});

test('addresses are bounded; which are let go is counted', () => {
  const watch = new SourceWatch();
  for (let i = 0; i <= SourceWatch.addressesMax; i++)
    watch.take(anArrival(monday, { ip: `address ${i}` }), monday);
  expect(watch.addressesDropped).toBe(1);
  expect(watch.facts('address 0', monday)).toBeNull();
  expect(watch.facts('address 1', monday)).not.toBeNull();
});

test('an address that tries keys without end is known by so many; what is let go is counted', () => {
  const watch = new SourceWatch();
  for (let i = 0; i < SourceWatch.keysPerAddressMax + 3; i++) watch.take(use(`key ${i}`), monday);
  expect(watch.keysDropped).toBe(3);
  expect(watch.facts(ip, monday)?.keysNew).toBe(SourceWatch.keysPerAddressMax);
});

test('addresses that were used once are forgotten although nobody asks for them again', () => {
  const watch = new SourceWatch();
  watch.take(anArrival(monday, { ip: 'once' }), monday);
  watch.take(anArrival(monday, { ip: 'again' }), monday);
  watch.take(anArrival(monday, { ip: 'again' }), monday + 10 * minuteMs);
  watch.forgetOld(monday + 20 * minuteMs);
  expect(watch.toJSON().map(([address]) => address)).toEqual(['again']);
});

test('saved and restored, it knows the same', () => {
  const watch = new SourceWatch();
  watch.take(use('key_a', 2), monday);
  watch.take(use('key_b'), monday);
  const restored = SourceWatch.fromJSON(JSON.parse(JSON.stringify(watch)));
  expect(restored.facts(ip, monday)).toEqual(watch.facts(ip, monday));
});
