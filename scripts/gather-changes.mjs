// Gathers what changed since the last release: the files in changes/ become a section of CHANGELOG.md and are removed.
//
//   node scripts/gather-changes.mjs VERSION [DATE]
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [version, date = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
if (!version || !/^\d+\.\d+\.\d+$/.test(version)) {
  process.stderr.write('node scripts/gather-changes.mjs VERSION [DATE]; a version such as 0.2.0\n');
  process.exit(2);
}
const folder = join(root, 'changes');
const files = readdirSync(folder).filter((name) => /^\d{4}-\d{2}-\d{2}-.*\.md$/.test(name));
const entries = files
  .sort()
  .reverse()
  .map((name) => asEntry(readFileSync(join(folder, name), 'utf8')));
const path = join(root, 'CHANGELOG.md');
const [head, ...releases] = readFileSync(path, 'utf8').split(/^(?=## )/m);
const section = `## ${version}, ${date}\n\n${entries.join('\n')}\n\n`;
writeFileSync(path, `${[head?.trimEnd(), section].join('\n\n')}${releases.join('')}`.replace(/\n+$/, '\n'));
for (const name of files) rmSync(join(folder, name));
process.stdout.write(`${files.length} changes are in CHANGELOG.md, as ${version}\n`);

/**
 * A change as an entry of a list; its links lead from the repository's folder now.
 * @param {string} text
 */
function asEntry(text) {
  return `- ${text.trim().replaceAll('](../', '](').replaceAll('\n', '\n  ')}`;
}
