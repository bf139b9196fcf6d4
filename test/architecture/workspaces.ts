import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folders that hold what others wrote, what is made, or what git does not keep. */
const foreign = new Set(['node_modules', '.git', '.turbo', 'dist', 'data', 'target', 'coverage']);

export interface SourceFile {
  /** Path from the repository's folder, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** True for tests and what only tests use: `*.test.ts`, anything below a folder `testing`, the whole of `test/` and its kin. */
  readonly isTest: boolean;
  /** What it imports, as written; `node:` modules are left out. */
  readonly imports: readonly string[];
}

export interface Workspace {
  /** Folder from the repository's folder, such as `packages/store`. */
  readonly folder: string;
  readonly name: string;
  /** Doors that its package.json opens: `.`, `./kafka`, … */
  readonly doors: readonly string[];
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  readonly files: readonly SourceFile[];
}

/** Folders without a package.json, whose scripts and tests use what the workspace `test` depends on. */
const keptByTest = ['infra', 'scripts'];

/** All workspaces of the repository with their TypeScript files. */
export function readWorkspaces(): Workspace[] {
  const folders = ['packages', 'services'].flatMap((parent) =>
    readdirSync(`${root}/${parent}`).map((child) => `${parent}/${child}`),
  );
  return [...folders, 'test'].map((folder) => {
    const manifest = readManifest(folder);
    return {
      folder,
      name: String(manifest.name),
      doors: Object.keys(manifest.exports ?? {}),
      dependencies: Object.keys(manifest.dependencies ?? {}),
      devDependencies: Object.keys(manifest.devDependencies ?? {}),
      files: [folder, ...(folder === 'test' ? keptByTest : [])]
        .flatMap(filesBelow)
        .filter((path) => /\.(?:ts|tsx|mjs)$/.test(path))
        .map(readSource),
    };
  });
}

interface Manifest {
  name?: string;
  scripts?: Record<string, string>;
  exports?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** The package.json of a folder. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(`${root}/${folder}/package.json`, 'utf8')) as Manifest;
}

/** Every file of ours below a folder, as paths from the repository's folder. */
export function filesBelow(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(`${root}/${folder}`, { withFileTypes: true })) {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!foreign.has(entry.name)) found.push(...filesBelow(path));
    } else if (entry.isFile()) {
      found.push(path);
    }
  }
  return found;
}

function readSource(path: string): SourceFile {
  const text = readFileSync(`${root}/${path}`, 'utf8');
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    isTest:
      path.endsWith('.test.ts') ||
      path.includes('/testing') ||
      ['test', ...keptByTest].includes(path.split('/')[0]!),
    imports: importsOf(text).filter((name) => !name.startsWith('node:')),
  };
}

/**
 * The modules that a source names in static and dynamic imports, re-exports and `require`. It reads statements by
 * their shape: an import starts a line, which no comment of ours does.
 */
export function importsOf(text: string): string[] {
  const shapes = [
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g,
  ];
  return [...new Set(shapes.flatMap((shape) => [...text.matchAll(shape)].map((match) => match[1]!)))];
}

/** The package that an import names: `@scope/name` or `name`, without the door. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
