import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { parseSearch, stringifySearch } from './search-params.ts';
import { bucketMs, fixedRange, nameRange, parseMoment, readRange } from './time-range.ts';

describe('search parameters', () => {
  test('an address reads like what was chosen', () => {
    expect(
      stringifySearch({ state: ['open', 'acknowledged'], q: 'crm sync', from: 'now-6h', none: undefined }),
    ).toBe('?state=open,acknowledged&q=crm+sync&from=now-6h');
  });

  test('a single value and a list come back as they were', () => {
    expect(parseSearch('?state=open&rule=a,b&q=x%5C,y')).toEqual({
      state: 'open',
      rule: ['a', 'b'],
      q: 'x,y',
    });
  });

  test('whatever is written is read back', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => text.toWellFormed());
    const list = fc.array(value, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(value, list)), (search) => {
        expect(parseSearch(stringifySearch(search))).toEqual({ ...search });
      }),
    );
  });
});

describe('time range', () => {
  const now = Date.UTC(2026, 2, 5, 12);

  test.each([
    ['now', now],
    ['now-6h', now - 21_600_000],
    ['now-7d', now - 7 * 86_400_000],
    ['2026-03-05T11:00:00Z', now - 3_600_000],
    ['2026-03-05T13:30+01:30', now],
    ['2026-03-05', now - 12 * 3_600_000],
    [String(now), now],
    ['2026-03-05 (about)', undefined],
    ['2026-13-05', undefined],
    ['yesterday', undefined],
    ['now-', undefined],
  ])('%s', (text, at) => expect(parseMoment(text, now)).toBe(at));

  test('a time without a zone means the same for whoever opens the address', () => {
    vi.stubEnv('TZ', 'America/New_York');
    expect(new Date(now).getTimezoneOffset()).toBe(300);
    expect(parseMoment('2026-03-05T12:00', now)).toBe(now);
    expect(parseMoment('2026-03-05 12:00:00', now)).toBe(now);
    vi.unstubAllEnvs();
  });

  test.each([
    [undefined, undefined, 'All time'],
    ['now-28d', undefined, 'Last 28 days'],
    ['now-24h', 'now', 'Last 24 hours'],
    [undefined, '2026-03-05T12:00:00Z', 'Until 5 Mar 12:00'],
    ['2026-03-05T12:00:00Z', undefined, '5 Mar 12:00 – now'],
  ])('from %s to %s is called %s', (from, to, name) => expect(nameRange(from, to, 'utc')).toBe(name));

  test('a range always has a length, whatever the address says', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('now', 'now-1h', 'now+1h', '2026-01-01'));
    fc.assert(
      fc.property(text, text, (from, to) => {
        const range = readRange(from, to, now, 'now-24h');
        expect(range.toMs).toBeGreaterThan(range.fromMs);
      }),
    );
  });

  test('a fixed range means the same later', () => {
    const range = readRange('now-6h', 'now', now, 'now-24h');
    const { from, to } = fixedRange(range);
    expect(readRange(from, to, now + 999_999, 'now-24h')).toEqual(range);
  });

  test('a chart gets few enough buckets', () => {
    expect(bucketMs({ fromMs: 0, toMs: 86_400_000 }, 300)).toBe(300_000);
    expect(bucketMs({ fromMs: 0, toMs: 28 * 86_400_000 }, 700)).toBe(3_600_000);
  });
});
