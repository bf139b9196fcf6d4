import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

// Each test has a clone of its own, in which npm, Node and vitest are stand-ins that tell what they were asked.
let clone: string;
const nodeFolder = `node_modules/node-${process.platform}-${process.arch}/bin`;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'tripkey-clone-'));
  cpSync(import.meta.dirname, join(clone, 'scripts'), { recursive: true });
  write('package-lock.json', lockOf({ vitest: '5.0.0' }));
  // What `npm ci` would leave behind, told by the fake npm to have happened.
  write(
    'bin/npm',
    `#!/bin/sh
echo "npm $*" >&2
[ -e "${clone}/broken" ] && exit 1
mkdir -p "${clone}/${nodeFolder}" "${clone}/node_modules/vitest"
ln -sf "${process.execPath}" "${clone}/${nodeFolder}/node"
cp "${clone}/package-lock.json" "${clone}/node_modules/.package-lock.json"
cp "${clone}/fake-vitest.mjs" "${clone}/node_modules/vitest/vitest.mjs"
`,
  );
  write(
    'fake-vitest.mjs',
    `import { spawnSync } from 'node:child_process';
const [flag] = process.argv.slice(2);
if (flag === '--die') process.kill(process.pid, 'SIGTERM');
if (flag === '--fail') process.exit(3);
const node = spawnSync('which', ['node'], { encoding: 'utf8' }).stdout.trim();
console.log(JSON.stringify({ args: process.argv.slice(2), node, cwd: process.cwd() }));
`,
  );
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

describe('a fresh clone', () => {
  test('is installed without install scripts, then runs the command with its arguments', () => {
    const done = bootstrap('vitest', 'run', 'packages/x');
    expect(done.stderr).toContain('nothing is installed');
    expect(done.stderr).toContain('npm ci --ignore-scripts');
    expect(JSON.parse(done.stdout).args).toEqual(['run', 'packages/x']);
    expect(done.status).toBe(0);
  });

  test('says so and starts nothing when npm ci fails', () => {
    write('broken', '');
    const done = bootstrap('vitest');
    expect(done.status).toBe(1);
    expect(done.stderr).toContain('npm ci failed');
    expect(done.stdout).toBe('');
  });
});

describe('an installed clone', () => {
  beforeEach(() => void bootstrap('vitest'));

  test('is not installed again, also when the lock was merely touched', () => {
    write('package-lock.json', lockOf({ vitest: '5.0.0' }));
    expect(bootstrap('vitest').stderr).toBe('');
  });

  test.each([
    ['asks for another version', { vitest: '5.0.1' }, 'node_modules/vitest is installed in another version'],
    ['asks for one more package', { vitest: '5.0.0', zod: '4.0.0' }, 'node_modules/zod is not installed'],
  ])('is installed again when the lock %s', (_, packages, reason) => {
    write('package-lock.json', lockOf(packages));
    expect(bootstrap('vitest').stderr).toContain(reason);
    expect(bootstrap('vitest').stderr).toBe('');
  });

  test('does without the packages of other platforms', () => {
    const lock = JSON.parse(lockOf({ vitest: '5.0.0' }));
    lock.packages['node_modules/only-elsewhere'] = { version: '1.0.0', optional: true, os: ['plan9'] };
    write('package-lock.json', JSON.stringify(lock));
    expect(bootstrap('vitest').stderr).toBe('');
  });

  test('lets the processes of a command find the packaged Node first', () => {
    expect(JSON.parse(bootstrap('vitest').stdout).node).toBe(join(clone, nodeFolder, 'node'));
  });

  test('keeps the folder from which it was called', () => {
    expect(JSON.parse(bootstrap('vitest').stdout).cwd).toBe(tmpdir());
  });

  test('ends as the command ended', () => {
    expect(bootstrap('vitest', '--fail').status).toBe(3);
    expect(bootstrap('vitest', '--die').status).toBe(143);
  });
});

test('an unknown command is refused and names those that exist', () => {
  const done = bootstrap('toString');
  expect(done.status).toBe(2);
  expect(done.stderr).toContain('tripkey, vitest, measure, build');
});

function bootstrap(...args: string[]): SpawnSyncReturns<string> {
  const path = [join(clone, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  return spawnSync(process.execPath, [join(clone, 'scripts/bootstrap.mjs'), ...args], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), text, { mode: 0o755 });
}

function lockOf(packages: Record<string, string>): string {
  const entries = Object.entries(packages).map(([name, version]) => [
    `node_modules/${name}`,
    { version, integrity: `sha512-${name}-${version}` },
  ]);
  return JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...Object.fromEntries(entries) } });
}
