import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../architecture/workspaces.ts';
import { renderRuleReference } from './render-rule-reference.ts';

test('docs/detection/rule-reference.md is what the rules of this release say', async () => {
  await expect(renderRuleReference()).toMatchFileSnapshot(join(root, 'docs/detection/rule-reference.md'));
});
