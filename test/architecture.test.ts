import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  emptyNames,
  linesMax,
  longerFiles,
  mayImport,
  technologyHomes,
  testsMayImport,
} from './architecture/rules.ts';
import {
  filesBelow,
  importsOf,
  packageOf,
  readManifest,
  readWorkspaces,
  root,
  type SourceFile,
  type Workspace,
} from './architecture/workspaces.ts';

const workspaces = readWorkspaces();
const byName = new Map(workspaces.map((workspace) => [workspace.name, workspace]));
const rootTools = Object.keys(readManifest('.').devDependencies ?? {});
const short = (folder: string) => folder.split('/').at(-1)!;

/** Every import of every file, of the workspaces asked for. */
function* imports(of: readonly Workspace[] = workspaces): Generator<[Workspace, SourceFile, string]> {
  for (const workspace of of)
    for (const file of workspace.files)
      for (const specifier of file.imports) yield [workspace, file, specifier];
}

describe('who may import whom', () => {
  test('every package and service has its row in the table', () => {
    const folders = workspaces.map((workspace) => workspace.folder).filter((folder) => folder !== 'test');
    expect(folders.toSorted()).toEqual(Object.keys(mayImport).toSorted());
  });

  test('the table points only backwards', () => {
    const rows = Object.keys(mayImport).map(short);
    const forwards = Object.entries(mayImport).flatMap(([folder, targets]) =>
      targets
        .filter((to) => !rows.slice(0, rows.indexOf(short(folder))).includes(to))
        .map((to) => `${folder} → ${to}`),
    );
    expect(forwards).toEqual([]);
  });

  test('no file imports a workspace that its row does not name', () => {
    const faults: string[] = [];
    for (const [workspace, file, specifier] of imports()) {
      const target = byName.get(packageOf(specifier));
      if (!target || target === workspace || workspace.folder === 'test') continue;
      const allowed = [...(mayImport[workspace.folder] ?? []), ...(file.isTest ? testsMayImport : [])];
      if (!allowed.includes(short(target.folder))) faults.push(`${file.path} → ${specifier}`);
    }
    expect(faults).toEqual([]);
  });

  test('workspaces are entered by the doors that they open', () => {
    const faults: string[] = [];
    for (const [, file, specifier] of imports()) {
      const target = byName.get(packageOf(specifier));
      if (target && !target.doors.includes(`.${specifier.slice(target.name.length)}`)) {
        faults.push(`${file.path} → ${specifier}`);
      }
    }
    expect(faults).toEqual([]);
  });

  test('relative imports stay in their workspace, name their file with its ending, and find it', () => {
    const faults: string[] = [];
    for (const [workspace, file, specifier] of imports()) {
      if (!specifier.startsWith('.')) continue;
      const target = normalize(join(dirname(file.path), specifier));
      const inside = workspace.folder === 'test' || target.startsWith(`${workspace.folder}/`);
      if (!inside || !existsSync(join(root, target))) faults.push(`${file.path} → ${specifier}`);
    }
    expect(faults).toEqual([]);
  });

  test('what exists only for tests is used only by tests', () => {
    const faults: string[] = [];
    for (const [, file, specifier] of imports()) {
      if (file.isTest) continue;
      if (/\/testing(\/|$)|\.test\.ts$/.test(specifier) || packageOf(specifier) === '@tripkey/test') {
        faults.push(`${file.path} → ${specifier}`);
      }
    }
    expect(faults).toEqual([]);
  });

  test('each technology is known only in its home', () => {
    const faults: string[] = [];
    for (const [, file, specifier] of imports()) {
      const homes = technologyHomes[packageOf(specifier)];
      if (!homes || file.isTest || homes.some((home) => file.path.startsWith(home))) continue;
      faults.push(`${file.path} → ${specifier}`);
    }
    expect(faults).toEqual([]);
  });
});

describe('package.json', () => {
  test('what a workspace imports is among its dependencies', () => {
    const faults: string[] = [];
    for (const [workspace, file, specifier] of imports()) {
      const name = packageOf(specifier);
      if (specifier.startsWith('.') || name === workspace.name) continue;
      const declared = file.isTest
        ? [...workspace.dependencies, ...workspace.devDependencies, ...rootTools]
        : workspace.dependencies;
      const benched =
        file.isTest && testsMayImport.some((allowed) => byName.get(name)?.folder.endsWith(allowed));
      if (!declared.includes(name) && !benched)
        faults.push(`${workspace.folder} lacks ${name} (${file.path})`);
    }
    expect(faults).toEqual([]);
  });

  test('what a workspace depends on is used there', () => {
    const faults = workspaces.flatMap((workspace) => {
      const texts = workspace.files.map((file) => file.text);
      return [...workspace.dependencies, ...workspace.devDependencies]
        .filter((name) => !texts.some((text) => text.includes(`'${name}'`) || text.includes(`'${name}/`)))
        .map((name) => `${workspace.folder} does not use ${name}`);
    });
    expect(faults).toEqual([]);
  });
});

describe('files', () => {
  const sources = workspaces.flatMap((workspace) => workspace.files);

  test(`no source file has more than ${linesMax} lines`, () => {
    const long = sources.filter((file) => file.lines > linesMax && !(file.path in longerFiles));
    expect(long.map((file) => `${file.path}: ${file.lines}`)).toEqual([]);
    for (const path of Object.keys(longerFiles)) {
      expect(sources.find((file) => file.path === path)?.lines, `${path} needs no exception`).toBeGreaterThan(
        linesMax,
      );
    }
  });

  test('names are kebab-case and say something', () => {
    const faults = sources
      .map((file) => file.path)
      .filter((path) => {
        const [stem = ''] = basename(path).split('.');
        return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem) || emptyNames.includes(stem);
      });
    expect(faults).toEqual([]);
  });

  test('the project stands alone: nothing in it reads what lies beside the repository', () => {
    const outside = ['..', 'shared'].join('/');
    const faults = filesBelow('.').filter((path) => {
      const bytes = readFileSync(join(root, path));
      return bytes.includes(outside) || bytes.includes(['/work', 'shared'].join('/'));
    });
    expect(faults).toEqual([]);
  });

  test('imports are found in every form in which they are written', () => {
    const text = [
      `import a from 'a';`,
      `import {\n  b,\n  type B,\n} from 'b/door';`,
      `import 'c';`,
      `export * from "./d.ts";`,
      `  const e = await import('node:e');`,
      `const f = require('node:f');`,
      `// an example: import x from 'not-me'`,
      ` * import y from 'nor-me'`,
    ].join('\n');
    expect(importsOf(text).toSorted()).toEqual(['./d.ts', 'a', 'b/door', 'c', 'node:e', 'node:f']);
  });
});
