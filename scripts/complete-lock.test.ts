import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('the lock holds the packages of every platform, so that npm ci takes it everywhere', () => {
  const script = join(import.meta.dirname, 'complete-lock.mjs');
  const check = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(check.stderr).toBe('');
  expect(check.status).toBe(0);
});
