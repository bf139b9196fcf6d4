import { expect, test } from 'vitest';
import { parseMarkdown, parseSpans } from './parse-markdown.ts';

test('a page of a rule comes apart into what it is made of', () => {
  const page = [
    '# Key is busy',
    '',
    'One line',
    'and its next.',
    '',
    '- first',
    '  goes on',
    '- second',
    '',
    '1. do',
    '2. then',
    '',
    '| a | b |',
    '| --- | --- |',
    '| 1 | 2 |',
    '',
    '```',
    'x = 1',
    '```',
  ].join('\n');
  expect(parseMarkdown(page)).toEqual([
    { kind: 'heading', level: 1, text: 'Key is busy' },
    { kind: 'paragraph', text: 'One line and its next.' },
    { kind: 'list', ordered: false, items: ['first goes on', 'second'] },
    { kind: 'list', ordered: true, items: ['do', 'then'] },
    { kind: 'table', head: ['a', 'b'], rows: [['1', '2']] },
    { kind: 'code', text: 'x = 1' },
  ]);
});

test('parts of a line are told apart, and names with underscores are left alone', () => {
  expect(parseSpans('the `rate` of **all** keys, _not_ key_id, see [here](x.md).')).toEqual([
    { kind: 'text', text: 'the ' },
    { kind: 'code', text: 'rate' },
    { kind: 'text', text: ' of ' },
    { kind: 'strong', text: 'all' },
    { kind: 'text', text: ' keys, ' },
    { kind: 'emphasis', text: 'not' },
    { kind: 'text', text: ' key_id, see ' },
    { kind: 'text', text: 'here' },
    { kind: 'text', text: '.' },
  ]);
});
