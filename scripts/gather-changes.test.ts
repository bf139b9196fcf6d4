import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('changes become the newest section of the changelog, newest first, and their files go', () => {
  const root = mkdtempSync(join(tmpdir(), 'tripkey-changes-'));
  try {
    mkdirSync(join(root, 'changes'));
    writeFileSync(join(root, 'changes/README.md'), 'stays\n');
    writeFileSync(join(root, 'changes/2026-03-01-a.md'), 'First.\n');
    writeFileSync(join(root, 'changes/2026-03-02-b.md'), 'Second,\nsee [page](../docs/page.md).\n');
    writeFileSync(join(root, 'CHANGELOG.md'), '# Changelog\n\nHead.\n\n## 0.1.0, 2026-02-01\n\n- Old.\n');
    // It works on the repository that it lies in.
    cpSync(join(import.meta.dirname, 'gather-changes.mjs'), join(root, 'scripts/gather-changes.mjs'));
    const args = [join(root, 'scripts/gather-changes.mjs'), '0.2.0', '2026-03-03'];
    const gathered = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(gathered.stdout).toBe('2 changes are in CHANGELOG.md, as 0.2.0\n');
    expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toBe(
      '# Changelog\n\nHead.\n\n## 0.2.0, 2026-03-03\n\n- Second,\n  see [page](docs/page.md).\n- First.\n\n## 0.1.0, 2026-02-01\n\n- Old.\n',
    );
    expect(readdirSync(join(root, 'changes'))).toEqual(['README.md']);
  } finally {
    rmSync(root, { recursive: true });
  }
});
