import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainText } from '../alert/plain-text.ts';
import { slackText } from './slack-text.ts';

test('markup from outside is shown, not obeyed', () => {
  const agent = '<!channel> <https://evil.example|Open in console> *bold* :white_check_mark: & `x`';
  expect(slackText`*Agent* ${agent}`.mrkdwn).toBe(
    '*Agent* &lt;!channel&gt; &lt;https://evil.example|Open in console&gt; ∗bold∗ ∶white_check_mark: &amp; ˋxˋ',
  );
});

test('a line break cannot forge a second line, nor a direction mark turn one around', () => {
  expect(plainText('ok\n\u2028State: resolved\r\u0007 \u202Egpj.exe', 100)).toBe(
    'ok State: resolved ⟨U+202E⟩gpj.exe',
  );
});

test('ids, times and numbers stay as they are', () => {
  for (const value of ['key_forms_1', '10:01:05 UTC', '4 812', 'POST /v1/leads/{id}']) {
    expect(slackText`${value}`.mrkdwn).toBe(value);
  }
});

test('what slackText made goes into another as it is', () => {
  expect(slackText`${slackText`*a* ${'<b>'}`} ${7}`.mrkdwn).toBe('*a* &lt;b&gt; 7');
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '&',
        '*',
        '_',
        '~',
        '`',
        ':',
        '\n',
        '\u2028',
        '\u202e',
        '\u200b',
        'a',
        '@',
        '|',
        '😀',
      ),
    )
    .map((parts) => parts.join('')),
);

test('no text from outside ever yields markup, a new line, something invisible or too much', () => {
  fc.assert(
    fc.property(hostile, (value) => {
      const { mrkdwn } = slackText`${value}`;
      expect(mrkdwn).not.toMatch(/[<>*~`\n\r\u2028\u2029]|\p{Cf}|\p{Cc}/u);
      expect(mrkdwn).not.toMatch(/&(?!amp;|lt;|gt;)/);
      expect(mrkdwn).not.toMatch(/:[\w+-]*[a-z+-][\w+-]*:/);
      expect(mrkdwn).not.toMatch(/(^|[^\p{L}\p{N}])_/u);
      expect([...plainText(value, 20)].length).toBeLessThanOrEqual(20);
    }),
    { numRuns: 1000 },
  );
});
