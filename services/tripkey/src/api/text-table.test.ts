import { expect, test } from 'vitest';
import { textTable } from './text-table.ts';

test('a table lines up, numbers to the right, and nothing in it moves the cursor', () => {
  const rows = [
    ['a\u001b[31m', 5],
    ['longer', 1200],
    [null, 7],
  ];
  expect(textTable(['key', 'count'], rows)).toBe(
    'key     count\na·[31m      5\nlonger   1200\n            7\n',
  );
});
