#!/usr/bin/env node
// Makes a fresh clone work: installs the dependencies when they are missing or not those of the lock, then runs one
// of the project's commands with the project's own Node. Needs nothing but Node 20 or newer and its npm.
//
//   node scripts/bootstrap.mjs tripkey ARGS...   the CLI
//   node scripts/bootstrap.mjs vitest ARGS...    the tests
//   node scripts/bootstrap.mjs measure ARGS...   bench, chaos, soak
//   node scripts/bootstrap.mjs build ARGS...     the web console
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingFromInstall } from './missing-from-install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const commands = {
  tripkey: 'services/tripkey/src/main.ts',
  vitest: 'node_modules/vitest/vitest.mjs',
  measure: 'test/measure.ts',
  build: 'scripts/build-console.mjs',
};

/** Most of what the services make dies young; with room for it the collector takes a fifth less of a detector's CPU. */
const nodeFlags = ['--max-semi-space-size=64'];

const [command = '', ...rest] = process.argv.slice(2);
const script = Object.hasOwn(commands, command) ? commands[command] : undefined;
if (!script) end(2, `no command "${command}"; there are ${Object.keys(commands).join(', ')}`);
if (major(process.versions.node) < 20)
  end(1, `Node ${process.versions.node} is too old, 20 or newer is needed`);

install();
if (command === 'tripkey' && rest[0] === 'start') buildConsole();
run(script, rest);

/** Runs `npm ci` unless what is installed is what the lock says. */
function install() {
  const missing = missingFromInstall(root);
  if (!missing) return;
  process.stderr.write(`tripkey: ${missing}; running npm ci\n`);
  // No package of the lock needs an install script, so none is run: no compiler, no surprise.
  const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    // Standard output belongs to the command that follows: it may be piped somewhere.
    stdio: ['ignore', 2, 'inherit'],
    shell: process.platform === 'win32',
  });
  if (done.error) end(1, `npm cannot be started: ${done.error.message}`);
  if (done.status !== 0) end(1, 'npm ci failed, see above; nothing was started');
  const still = missingFromInstall(root);
  if (still) end(1, `npm ci went through, but ${still}`);
}

/**
 * Builds the web console beside the start, when it is missing or older than its sources. It yields to what starts, and
 * what it says nobody asked for; only that it failed is told.
 */
function buildConsole() {
  const child = spawn(ownNode(), [join(root, commands.build)], { stdio: 'ignore' });
  child.on('error', () => {});
  if (child.pid !== undefined && process.platform !== 'win32') setPriority(child.pid, 10);
  child.on('exit', (code) => {
    if (code) process.stderr.write('tripkey: the console could not be built; npm run build says why\n');
  });
  process.on('exit', () => child.kill());
}

/** Runs a script with the project's Node, which the processes that it starts find as `node`, too. */
function run(path, args) {
  const node = ownNode();
  const bin = join(root, 'node_modules', '.bin');
  const child = spawn(node, [...nodeFlags, join(root, path), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: [dirname(node), bin, process.env.PATH ?? ''].join(delimiter) },
  });
  // A terminal sends Ctrl-C to both of us, other senders only to this process. The child takes two that come at once
  // for one (stopSignal of service-kit).
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => end(1, `${node} cannot be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (code === 127) process.stderr.write('tripkey: is a system library missing? Node 26 needs libatomic\n');
    process.exit(signal ? 128 + constants.signals[signal] : code);
  });
}

/** The Node 26 that npm installed for this platform, or the running one when it is new enough. */
function ownNode() {
  const platform = `${process.platform}-${process.arch}`;
  for (const name of [`node-${platform}`, `node-bin-${platform}`]) {
    const path = join(root, 'node_modules', name, 'bin', 'node');
    if (existsSync(path)) return path;
  }
  if (major(process.versions.node) >= 26) return process.execPath;
  return end(1, `no Node comes packaged for ${platform}; install Node 26 or newer and try again`);
}

/** @param {string} version */
function major(version) {
  return Number(version.split('.')[0]);
}

/**
 * @param {number} code
 * @param {string} reason
 */
function end(code, reason) {
  process.stderr.write(`tripkey: ${reason}\n`);
  process.exit(code);
}
