import { expect, test } from 'vitest';
import { readIfMatch } from './if-match.ts';

test.each([
  [undefined, null],
  ['*', null],
  ['"a1b2"', 'a1b2'],
  ['W/"a1b2"', 'a1b2'],
  ['""', ''],
])('If-Match %j asks for %j', (header, tag) => {
  expect(readIfMatch(header)).toBe(tag);
});

test.each(['a1b2', '"a1b2', '', '"a1", "b2"', 'w/"a1b2"'])(
  'If-Match %j is refused, not passed over',
  (header) => {
    expect(() => readIfMatch(header)).toThrow(/one ETag as it was given/);
  },
);
