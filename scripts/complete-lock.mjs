#!/usr/bin/env node
// Adds to package-lock.json the platform packages that a partial registry mirror left out.
//
// npm writes an optional platform package (@biomejs/cli-darwin-arm64, …) into the lock only if it can read the
// package's metadata. Behind a mirror that serves only some platforms the others are missing, and `npm ci` then refuses
// the lock (EUSAGE). Run this after every `npm install`; it changes nothing when the lock is complete. What an entry
// is for is read from its name: npm needs to know, so that it does not fetch the package for another platform.
//
//   node scripts/complete-lock.mjs            completes the lock
//   node scripts/complete-lock.mjs --check    exits 1 when something is missing, and changes nothing
import { readFileSync, writeFileSync } from 'node:fs';

const osOf = { linux: 'linux', darwin: 'darwin', android: 'android', win32: 'win32', windows: 'win32' };
const cpuOf = { x64: 'x64', 64: 'x64', arm64: 'arm64' };

const lockPath = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(lockPath, 'utf8'));
const added = {};
for (const [dependent, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(dependent, name)) continue;
    const platform = platformOf(name);
    if (platform) added[`node_modules/${name}`] = { version, ...platform, ...origin(entry), optional: true };
  }
}
const names = Object.keys(added);
if (process.argv.includes('--check')) {
  if (names.length > 0) console.error(`complete-lock: package-lock.json lacks ${names.join(', ')}`);
  process.exit(names.length > 0 ? 1 : 0);
}
if (names.length > 0) {
  const all = Object.entries({ ...lock.packages, ...added });
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(names.length > 0 ? `complete-lock: added ${names.join(', ')}` : 'complete-lock: nothing to add');

/** Whether a dependency of `dependent` is in the lock, in its own node_modules or in those above it. */
function isLocked(dependent, name) {
  for (let at = dependent; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

/** What a name such as `@chdb/lib-linux-x64-gnu` says about its platform; undefined when it says nothing. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.map((word) => osOf[word]).find(Boolean);
  const cpu = words.map((word) => cpuOf[word]).find(Boolean);
  if (!os || !cpu) return undefined;
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : undefined;
  return { os: [os], cpu: [cpu], ...(libc ? { libc: [libc] } : {}) };
}

/** What a platform package shares with the package that asks for it. */
function origin({ dev, license }) {
  return { ...(dev ? { dev } : {}), ...(license ? { license } : {}) };
}
