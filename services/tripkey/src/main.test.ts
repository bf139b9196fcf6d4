import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('a reader that has enough ends the command as a shell expects it, without a trace of the stack', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const { NODE_OPTIONS: _none, ...env } = process.env;
  const child = spawn(process.execPath, [main, 'config', 'schema'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(said).toBe('');
  expect(code).toBe(141);
}, 30_000);
