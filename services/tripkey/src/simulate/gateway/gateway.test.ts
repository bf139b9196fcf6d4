import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../random/random.ts';
import { IsoTimes } from './iso-times.ts';
import { uuidV7 } from './uuid-v7.ts';

const times = fc.integer({ min: 0, max: Date.parse('2100-01-01T00:00:00Z') });

test('times are written as Date writes them', () => {
  const isoTimes = new IsoTimes();
  fc.assert(
    fc.property(times, (at) => {
      expect(isoTimes.format(at)).toBe(new Date(at).toISOString());
    }),
  );
});

test('event ids are UUIDs of version 7 that carry their time and do not repeat', () => {
  const random = new Random('ids');
  const seen = new Set<string>();
  fc.assert(
    fc.property(times, (at) => {
      const id = uuidV7(random, at);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(at);
      expect(seen.has(id)).toBe(false);
      seen.add(id);
    }),
  );
});
