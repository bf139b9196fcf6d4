import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/build-console.mjs', import.meta.url));

/** The tests look at the console as it is built from the sources as they are. */
export function setup(): void {
  execFileSync(process.execPath, [script], { stdio: 'inherit' });
}
