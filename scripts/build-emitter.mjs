#!/usr/bin/env node
// Makes the package that others install out of packages/emitter: JavaScript with types, and a package.json that says so.
// Inside the repository its TypeScript is run as it is; Node does not do that for what is installed.
//
//   node scripts/build-emitter.mjs [FOLDER]     into packages/emitter/dist, or FOLDER; then: npm publish FOLDER
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'packages/emitter');
const target = resolve(process.argv[2] ?? join(source, 'dist'));

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const compiled = spawnSync(
  process.execPath,
  [compiler, '-p', join(source, 'tsconfig.build.json'), '--outDir', target],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

const { name, version, description, license, type, engines, keywords, dependencies } = JSON.parse(
  readFileSync(join(source, 'package.json'), 'utf8'),
);
const published = {
  ...{ name, version, description, license, type, engines, keywords, dependencies },
  sideEffects: false,
  exports: { '.': { types: './index.d.ts', default: './index.js' } },
};
writeFileSync(join(target, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
copyFileSync(join(source, 'README.md'), join(target, 'README.md'));
copyFileSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
