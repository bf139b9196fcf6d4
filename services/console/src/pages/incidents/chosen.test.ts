import { expect, test } from 'vitest';
import { chosenOf } from './chosen.ts';

const rows = ['a', 'b', 'c'].map((incident_id) => ({ incident_id }));

test('the selected incidents are meant, in the order of the list', () => {
  expect(chosenOf(rows, new Set(['c', 'a']), 'b')).toEqual(['a', 'c']);
});

test('without a selection the incident under the keyboard is meant', () => {
  expect(chosenOf(rows, new Set(), 'b')).toEqual(['b']);
});

test('what the list does not show is never acted on', () => {
  expect(chosenOf(rows, new Set(['a', 'gone']), undefined)).toEqual(['a']);
  expect(chosenOf(rows, new Set(['gone']), undefined)).toEqual([]);
  expect(chosenOf(rows, new Set(), 'gone')).toEqual([]);
});
