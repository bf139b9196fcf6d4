import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWorkspaces, root } from './architecture/workspaces.ts';

test('docs/failure-modes.md tells of every error code in the code, and of no other', () => {
  const page = readFileSync(join(root, 'docs/failure-modes.md'), 'utf8');
  const told = [...page.matchAll(/^## `([^`]+)`/gm)].map((match) => match[1]!);
  const sources = readWorkspaces().flatMap((workspace) => workspace.files.filter((file) => !file.isTest));
  const codes = sources.flatMap(({ text }) => [
    ...[...text.matchAll(/\breadonly code = '([^']+)'/g)].map((match) => match[1]!),
    ...[...text.matchAll(/\btype \w+ErrorCode =([^;]+);/g)].flatMap((match) =>
      [...match[1]!.matchAll(/'([^']+)'/g)].map((code) => code[1]!),
    ),
  ]);
  expect(told.toSorted()).toEqual([...new Set(codes)].toSorted());
});
