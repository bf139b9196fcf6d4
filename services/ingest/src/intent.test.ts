import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readIntent, writeIntent } from './intent.ts';

test('an intent comes back as it was written and fits into the metadata of a commit', () => {
  const intent = fc.record({
    to: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    arrivedAtMs: fc.maxSafeNat(),
    run: fc.string({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(intent, (written) => {
      const metadata = writeIntent(written);
      expect(readIntent(metadata)).toEqual(written);
      expect(metadata.length).toBeLessThan(4_096);
    }),
  );
});

test('no metadata is no intent; metadata of others say nothing', () => {
  expect(readIntent(writeIntent(null))).toBe('none');
  for (const foreign of ['reset by a tool', '{}', '{"v":2,"e":"1","t":0,"u":""}', '[', 'null'])
    expect(readIntent(foreign)).toBe('unknown');
});
