import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as source from '@tripkey/emitter';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('build-emitter.mjs', import.meta.url));

test('the emitter that others install is plain JavaScript with types, and offers what the source offers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tripkey-emitter-'));
  try {
    execFileSync(process.execPath, [script, folder]);
    const {
      exports,
      private: isPrivate,
      dependencies,
    } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(isPrivate).toBeUndefined();
    expect(dependencies).toEqual({});
    const files = readdirSync(folder);
    for (const file of Object.values(exports['.'] as Record<string, string>)) {
      expect(files).toContain(file.slice(2));
    }
    expect(files.filter((file) => /(?<!\.d)\.ts$|\.test\./.test(file))).toEqual([]);
    const ask = `import(${JSON.stringify(join(folder, 'index.js'))}).then((m) => console.log(Object.keys(m).join()))`;
    const names = execFileSync(process.execPath, ['--no-strip-types', '--eval', ask]).toString().trim();
    expect(names.split(',').sort()).toEqual(Object.keys(source).sort());
  } finally {
    rmSync(folder, { recursive: true });
  }
});
