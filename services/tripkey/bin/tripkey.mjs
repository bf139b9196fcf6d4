#!/usr/bin/env node
// Starts the CLI with the project's own Node: what runs this file may be older. The path to the right Node is found
// by scripts/bootstrap.mjs, which also installs what is missing.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bootstrap = fileURLToPath(new URL('../../../scripts/bootstrap.mjs', import.meta.url));
const child = spawn(process.execPath, [bootstrap, 'tripkey', ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
