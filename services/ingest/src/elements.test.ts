import { describe, expect, test } from 'vitest';
import { elementsPerMessageMax, visitElements } from './elements.ts';

function read(message: string) {
  const seen: unknown[] = [];
  const count = visitElements(Buffer.from(message), {
    element: (value, idx) => seen.push([idx, value]),
    unreadable: (reason, text, idx) => seen.push([idx, reason, text]),
  });
  expect(count).toBe(seen.length);
  return seen;
}

describe('a message is taken apart', () => {
  test('one object is one element', () => {
    expect(read(' {"a":1}\n')).toEqual([[0, { a: 1 }]]);
  });

  test('an array gives its elements, whatever they are', () => {
    expect(read('[{"a":1}, 7, null]')).toEqual([
      [0, { a: 1 }],
      [1, 7],
      [2, null],
    ]);
  });

  test('NDJSON gives a line each, blank lines and CRLF do not count', () => {
    expect(read('{"a":1}\r\n\r\n{"a":2}\n')).toEqual([
      [0, { a: 1 }],
      [1, { a: 2 }],
    ]);
  });

  test('a broken line of NDJSON costs only itself', () => {
    expect(read('{"a":1}\n{"a":\n{"a":3}')).toEqual([
      [0, { a: 1 }],
      [1, 'not_json', '{"a":'],
      [2, { a: 3 }],
    ]);
  });

  test('text without a line of JSON is one unreadable element', () => {
    expect(read('hello\nworld')).toEqual([[0, 'not_json', 'hello\nworld']]);
  });

  test('nothing at all is one unreadable element', () => {
    expect(read(' \n ')).toEqual([[0, 'empty', ' \n ']]);
  });

  test('an empty array is one element', () => {
    expect(read('[]')).toEqual([[0, []]]);
  });

  test('too many elements are one unreadable element, so that a message cannot grow without bound', () => {
    const text = `[${'1,'.repeat(elementsPerMessageMax)}1]`;
    expect(read(text)).toEqual([[0, 'too_many_elements', text]]);
  });
});
