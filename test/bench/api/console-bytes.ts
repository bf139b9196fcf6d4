import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../../../services/console/dist/', import.meta.url));

/** Bytes of the console's JavaScript, compressed: what the first page loads, and all of it. Null when it is not built. */
export function consoleBytes(): { initial: number; all: number } | null {
  const index = `${dist}index.html`;
  if (!existsSync(index)) return null;
  const size = (path: string) => gzipSync(readFileSync(path), { level: 9 }).length;
  const html = readFileSync(index, 'utf8');
  const initial = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => size(dist + match[1]));
  const all = readdirSync(`${dist}assets`)
    .filter((name) => name.endsWith('.js'))
    .map((name) => size(`${dist}assets/${name}`));
  const sum = (sizes: readonly number[]) => sizes.reduce((total, bytes) => total + bytes, 0);
  return { initial: sum(initial), all: sum(all) };
}
