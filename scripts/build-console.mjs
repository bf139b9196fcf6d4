#!/usr/bin/env node
// Builds the web console into services/console/dist, unless what is there was built from these very sources.
//
//   node scripts/build-console.mjs           builds when something changed; prints what it did
//   node scripts/build-console.mjs --force   builds in any case
//
// Contents are compared, not times: a checkout changes times. The new files are built beside the old ones and take their
// place at once, so that whoever is served meanwhile gets the old or the new console and never half of each.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'services/console');
const dist = join(folder, 'dist');
/** Files and folders that the console is made of. */
const sources = [
  'package-lock.json',
  'packages/contract/src',
  'services/console/index.html',
  'services/console/package.json',
  'services/console/public',
  'services/console/src',
  'services/console/vite.config.ts',
];

const print = fingerprint(sources);
const mark = join(dist, 'built-from.txt');
if (!process.argv.includes('--force') && existsSync(mark) && readFileSync(mark, 'utf8').trim() === print) {
  console.log('console: up to date');
} else {
  // Whoever calls may be in the middle of tests; what is built is what people get.
  process.env.NODE_ENV = 'production';
  const { build } = await import('vite');
  const fresh = join(folder, 'node_modules', `.dist-${process.pid}`);
  const old = join(folder, 'node_modules', `.dist-old-${process.pid}`);
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  const startedAt = performance.now();
  try {
    await build({ root: folder, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } });
    writeFileSync(join(fresh, 'built-from.txt'), `${print}\n`);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
  console.log(`console: built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** Hash over names and contents of files; tests are no part of it. @param {string[]} paths */
function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesOf).toSorted()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} path @returns {string[]} */
function filesOf(path) {
  if (!existsSync(join(root, path))) return [];
  let entries;
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true });
  } catch {
    return [path];
  }
  return entries
    .filter(({ name }) => name !== 'testing' && !name.includes('.test.'))
    .flatMap((entry) => filesOf(`${path}/${entry.name}`));
}
