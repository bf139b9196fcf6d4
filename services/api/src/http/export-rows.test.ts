import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from './export-rows.ts';

test.each([
  [
    ['=1+1', '+1', '-1', '@x', '\t=1'],
    `'=1+1,'+1,'-1,'@x,"'\t=1"\r\n`.replace(/'(=1\+1|\+1|-1|@x)/g, `"'$1"`),
  ],
  [[-5, 1.5, true, null, undefined], '-5,1.5,true,,\r\n'],
  [['a,b', 'say "x"', 'two\nlines', ' space '], '"a,b","say ""x""","two\nlines"," space "\r\n'],
  [[['a', 1], { b: 2 }], '"[""a"",1]","{""b"":2}"\r\n'],
])('%j as a line of CSV', (values, line) => {
  expect(csvLine(values)).toBe(line);
});

test('no text becomes a formula, and every text can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const field = csvLine([text]).slice(0, -2);
      const read = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
      expect(read === text || read === `'${text}`).toBe(true);
      expect(read).not.toMatch(/^\s*[=+\-@]/);
      // What a reader takes for the end of a field is only ever inside quotes.
      if (!field.startsWith('"')) expect(field).not.toMatch(/[",\r\n]/);
    }),
  );
});
