#!/usr/bin/env node
// Makes a fresh clone work: installs the dependencies when they are missing or older than the lock, then runs
// one of the project's commands with the project's own Node. Needs nothing but the Node that npm came with (>= 20).
//
//   node scripts/bootstrap.mjs tripkey ARGS...   the CLI
//   node scripts/bootstrap.mjs vitest ARGS...    the tests
//   node scripts/bootstrap.mjs measure ARGS...   bench, chaos, soak
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const commands = {
  tripkey: 'services/tripkey/src/main.ts',
  vitest: 'node_modules/vitest/vitest.mjs',
  measure: 'test/measure.ts',
};

const [command = '', ...rest] = process.argv.slice(2);
const script = commands[command];
if (!script) {
  console.error(`bootstrap: no command "${command}"; it knows ${Object.keys(commands).join(', ')}`);
  process.exit(2);
}

install();
run(script, rest);

/** Runs `npm ci` unless what is installed is at least as new as the lock. */
function install() {
  const lock = `${root}/package-lock.json`;
  const stamp = `${root}/node_modules/.package-lock.json`;
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error('tripkey: installing dependencies (npm ci), once');
  // The lock needs no install script: a blocked or absent compiler does not matter.
  const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    console.error('tripkey: npm ci failed; see above. Nothing was started.');
    process.exit(1);
  }
  const now = new Date();
  utimesSync(stamp, now, now);
}

/** Runs a script with the Node of the dependencies; signals reach it because it shares our terminal group. */
function run(path, args) {
  const node = ownNode();
  const child = spawn(node, [`${root}/${path}`, ...args], { stdio: 'inherit', cwd: process.cwd() });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`tripkey: ${node} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/** The Node 26 that npm installed for this platform, or the running one when it is new enough. */
function ownNode() {
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  for (const name of names) {
    const path = `${root}/node_modules/${name}/bin/node`;
    if (existsSync(path)) return path;
  }
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  console.error(
    `tripkey: there is no packaged Node for ${process.platform}-${process.arch}; install Node 26 or newer and try again.`,
  );
  process.exit(1);
}
