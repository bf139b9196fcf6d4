import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../architecture/workspaces.ts';

/**
 * The repository as somebody has it who cloned it and ran `npm ci`: its own files, nothing that was made since. What is
 * installed is that of this repository; our own packages are those of the copy.
 */
export function freshCopy(): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'tripkey-copy-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const path of files.split('\0').filter((file) => file !== '' && existsSync(join(root, file))))
    cpSync(join(root, path), join(folder, path), { recursive: true });
  linkInstalled('node_modules', folder);
  for (const parent of ['packages', 'services'])
    for (const name of readdirSync(join(root, parent)))
      if (existsSync(join(root, parent, name, 'node_modules')))
        symlinkSync(join(root, parent, name, 'node_modules'), join(folder, parent, name, 'node_modules'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

/** Links to every installed package; the links of npm to our own packages, and to what they can run, are made anew. */
function linkInstalled(installed: string, folder: string): void {
  const own = ['@tripkey', '.bin'];
  mkdirSync(join(folder, installed));
  for (const name of readdirSync(join(root, installed)).filter((entry) => !own.includes(entry)))
    symlinkSync(join(root, installed, name), join(folder, installed, name));
  // Both hold relative links; copied as they are, they lead into the copy.
  for (const name of own)
    cpSync(join(root, installed, name), join(folder, installed, name), {
      recursive: true,
      verbatimSymlinks: true,
    });
}
