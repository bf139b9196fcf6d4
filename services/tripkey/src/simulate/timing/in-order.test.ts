import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from './in-order.ts';

test('overlapping batches come out as one ascending stream with nothing lost', () => {
  const batch = fc.array(fc.nat(50), { minLength: 1 }).map((ats) => ats.sort((a, b) => a - b));
  fc.assert(
    fc.property(fc.array(batch), (batches) => {
      const sorted = batches.sort((a, b) => a[0]! - b[0]!).map((ats) => ats.map((at) => ({ at })));
      const out = [...inOrder(sorted)];
      expect(out.map(({ at }) => at)).toEqual(batches.flat().sort((a, b) => a - b));
    }),
  );
});
