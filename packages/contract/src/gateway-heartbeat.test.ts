import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GatewayHeartbeat } from './index.ts';
import { aHeartbeat } from './testing/index.ts';

test('what a later release adds is passed over, and what may be left out is', () => {
  const { emitter: _, ended: __, ...least } = aHeartbeat();
  expect(GatewayHeartbeat.parse({ ...least, of_a_later_release: { any: 1 } })).toEqual({
    ...least,
    ended: false,
  });
});

test('whatever is taken is bounded, and says the same when it is written and read again', () => {
  const odd = fc.dictionary(fc.constantFrom(...Object.keys(GatewayHeartbeat.shape)), fc.anything());
  const reasons = fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,40}$/), fc.maxSafeNat(), {
    maxKeys: 20,
  });
  fc.assert(
    fc.property(odd, reasons, (changes, dropped) => {
      const read = GatewayHeartbeat.safeParse({ ...aHeartbeat({ dropped }), ...changes });
      if (!read.success) return;
      const text = JSON.stringify(read.data);
      expect(GatewayHeartbeat.parse(JSON.parse(text))).toEqual(read.data);
      // 128 and 128 characters of up to six bytes each as JSON writes them, sixteen reasons, seven fields of digits.
      expect(Buffer.byteLength(text)).toBeLessThan(4_096);
    }),
  );
});

test.each([
  ['no gateway', { gateway: '' }],
  ['a time without its offset', { sent_at: '2026-03-02T10:00:00' }],
  ['a count that is none', { emitted: -1 }],
  ['half an event', { sent: 0.5 }],
  ['a reason in words of its own', { dropped: { 'the buffer was full': 1 } }],
  [
    'more reasons than anybody has',
    { dropped: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`r${i}`, 1])) },
  ],
  ['one that comes never', { every_s: 0 }],
])('%s is refused', (_, changes) => {
  expect(GatewayHeartbeat.safeParse(aHeartbeat(changes)).success).toBe(false);
});
