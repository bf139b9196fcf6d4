import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleRuns, visibleText } from './visible-runs.ts';

test('ordinary text of any script stays as it is', () => {
  for (const text of ['curl/8.5.0', 'Mozilla/5.0 (X11; Linux x86_64)', 'Grüße, 東京, Привет', '']) {
    expect(visibleText(text)).toBe(text);
  }
});

test.each([
  ['a right-to-left override', 'invoice\u202Efdp.exe', 'invoice[U+202E]fdp.exe'],
  ['a line break that would forge a second line', 'curl\nApproved by admin', 'curl[U+000A]Approved by admin'],
  ['a terminal escape', '\u001b[31mred', '[U+001B][31mred'],
  ['a zero width space inside a name', 'ad\u200Bmin', 'ad[U+200B]min'],
  ['a no-break space', 'a\u00A0b', 'a[U+00A0]b'],
  ['a letter of the invisible tag block', 'a\u{E0041}b', 'a[U+E0041]b'],
  ['half of a surrogate pair', 'a\uD800b', 'a[U+D800]b'],
  ['a filler that prints as nothing', 'a\u3164b', 'a[U+3164]b'],
])('%s is seen', (_what, text, shown) => expect(visibleText(text)).toBe(shown));

test('no character is lost, and none that is shown as text is a control', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
      const runs = visibleRuns(text);
      const back = runs.map((run) =>
        run.kind === 'text' ? run.text : String.fromCodePoint(Number.parseInt(run.text.slice(2), 16)),
      );
      expect(back.join('')).toBe(text);
      for (const run of runs) {
        if (run.kind === 'text') expect(run.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    }),
  );
});
