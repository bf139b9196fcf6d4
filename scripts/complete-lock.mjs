#!/usr/bin/env node
// Adds to package-lock.json the platform packages of chdb that a partial registry mirror left out.
//
// npm writes an optional platform package into the lock only if it can read its metadata. Behind a mirror that
// serves just one platform the others are missing, and `npm ci` then refuses the lock (EUSAGE). Run this after
// every `npm install`; it changes nothing when the lock is complete.
import { readFileSync, writeFileSync } from 'node:fs';

const lockPath = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(lockPath, 'utf8'));
const chdb = lock.packages['node_modules/chdb'];
let added = 0;
for (const [name, version] of Object.entries(chdb?.optionalDependencies ?? {})) {
  const match = /^@chdb\/lib-(linux|darwin)-(x64|arm64)(?:-gnu)?$/.exec(name);
  if (!match || lock.packages[`node_modules/${name}`]) continue;
  const [, os, cpu] = match;
  lock.packages[`node_modules/${name}`] = {
    version,
    cpu: [cpu],
    ...(os === 'linux' ? { libc: ['glibc'] } : {}),
    license: 'Apache-2.0',
    optional: true,
    os: [os],
  };
  added++;
}
if (added > 0) {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(added > 0 ? `complete-lock: added ${added} platform packages` : 'complete-lock: nothing to add');
