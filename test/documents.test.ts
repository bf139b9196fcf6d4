import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesBelow, readManifest, root } from './architecture/workspaces.ts';

const pages = filesBelow('.').filter((path) => path.endsWith('.md'));

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  test('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map((match) => match[1]!);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  test('names files and commands that exist', () => {
    const names = [...text.matchAll(/`((?:packages|services|test|infra|docs|scripts|changes)\/[\w./-]+)/g)];
    expect(names.map((match) => match[1]!).filter((name) => !existsSync(join(root, name)))).toEqual([]);
    const scripts = Object.keys(readManifest('.').scripts ?? {});
    const commands = [...text.matchAll(/\bnpm (?:run )?(start|test|run [\w:-]+)/g)].map((match) =>
      match[1]!.replace('run ', ''),
    );
    expect(commands.filter((command) => !scripts.includes(command))).toEqual([]);
  });
});
