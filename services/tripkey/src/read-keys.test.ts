import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aKey } from '@tripkey/contract/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readKeys } from './read-keys.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tripkey-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const secret = `ghp_${'a1B2c3D4'.repeat(4)}`;

test('a secret in place of an id is refused where keys are kept, by its line and without its value', async () => {
  const file = join(folder, 'keys.ndjson');
  const lines = [aKey(), aKey({ key_id: secret })].map((record) => JSON.stringify(record));
  writeFileSync(file, lines.join('\n'));
  const error = await readKeys(file, 'refused').catch((thrown: unknown) => String(thrown));
  expect(error).toContain('keys.ndjson, line 2: key_id has the form of a secret');
  expect(error).not.toContain(secret.slice(4));
  expect(await readKeys(file, 'taken')).toHaveLength(2);
});

test('a line that is no record is refused by its line and without its values', async () => {
  const file = join(folder, 'keys.ndjson');
  writeFileSync(file, `\n{"key_id":"k","status":"${secret}"}\n`);
  const error = await readKeys(file, 'taken').catch((thrown: unknown) => String(thrown));
  expect(error).toContain('line 2: not a key record (status');
  expect(error).not.toContain(secret);
});
