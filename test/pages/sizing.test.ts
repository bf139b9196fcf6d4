import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../architecture/workspaces.ts';
import { renderSizing } from './sizing.ts';

test('the table of docs/scaling.md follows from the figures that were measured', () => {
  const page = readFileSync(join(root, 'docs/scaling.md'), 'utf8');
  expect(page.split('\n\n').find((part) => part.startsWith('| for '))).toBe(renderSizing());
});
