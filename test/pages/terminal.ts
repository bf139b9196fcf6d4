import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A shell that runs what a reader copies into it, block after block; a variable that one sets the next can read. */
export interface Terminal extends AsyncDisposable {
  /** Runs a block to its end. @returns what it printed @throws with that when a command of it fails */
  run(block: string): Promise<string>;
  /** Starts a command that does not end by itself, in a terminal of its own. */
  start(command: string): LastingCommand;
}

export interface LastingCommand {
  /** Waits until this was printed. @returns everything printed so far @throws when the command ends before */
  until(text: string): Promise<string>;
  /** Ctrl-C, which a terminal sends to all that runs in it. @returns everything printed, once all of it has ended */
  interrupt(): Promise<string>;
}

/** Opens one in a folder. */
export function openTerminal(folder: string, env: NodeJS.ProcessEnv): Terminal {
  const exported = join(folder, '.exported-variables');
  rmSync(exported, { force: true });
  const open = new Set<ChildProcess>();

  function launch(script: string) {
    const known = existsSync(exported) ? `. ${exported}\n` : '';
    // A group of its own: what the script starts ends with it.
    const child = spawn('bash', ['-e', '-c', known + script], {
      ...{ cwd: folder, env, detached: true },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    open.add(child);
    const news = new EventTarget();
    const seen = { printed: '', ended: false };
    const tell = () => news.dispatchEvent(new Event('news'));
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        seen.printed += text;
        tell();
      });
    child.on('close', () => {
      seen.ended = true;
      open.delete(child);
      tell();
    });
    const end = async () => {
      while (!seen.ended) await once(news, 'news');
      return child.exitCode;
    };
    const until = async (text: string) => {
      while (!seen.printed.includes(text)) {
        if (seen.ended) throw new Error(`ended before it printed "${text}":\n${seen.printed}`);
        await once(news, 'news');
      }
      return seen.printed;
    };
    return { child, seen, end, until };
  }

  return {
    async run(block) {
      const { seen, end } = launch(`${block}\nexport -p > ${exported}`);
      const code = await end();
      if (code !== 0) throw new Error(`exit code ${code} from\n${block}\n${seen.printed}`);
      return seen.printed;
    },
    start(command) {
      const { child, seen, end, until } = launch(`exec ${command}`);
      return {
        until,
        async interrupt() {
          process.kill(-child.pid!, 'SIGINT');
          await end();
          return seen.printed;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const child of open) {
        const closed = once(child, 'close');
        process.kill(-child.pid!, 'SIGTERM');
        await closed;
      }
    },
  };
}
