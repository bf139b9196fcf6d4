// Makes the secrets of an installation, each once: random, one a file, never printed. What is there stays, so it can
// run at every start.
//
//   node make-secrets.mjs FOLDER NAME...
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...names] = process.argv.slice(2);
if (!folder || names.length === 0) {
  console.error('make-secrets: say a folder and the names of the secrets');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
for (const name of names) {
  const path = join(folder, name);
  if (existsSync(path)) continue;
  // Other containers run under other users; who may see the file is decided by who mounts the volume.
  writeFileSync(`${path}.new`, randomBytes(32).toString('base64url'), { mode: 0o444 });
  renameSync(`${path}.new`, path);
  console.log(`make-secrets: made ${name}`);
}
