import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../services/ingest/src/main.ts', import.meta.url));
/** How long a process that ended is left alone before it is started again, ms: as an orchestrator does. */
const restartMs = 200;

/** A member of ingest in a process of its own, which is started again whenever it ends. */
export class IngestProcess {
  readonly #env: NodeJS.ProcessEnv;
  readonly #logFile: string;
  #child: ChildProcess | null = null;
  #closed = false;
  #restart: NodeJS.Timeout | null = null;
  /** Times that it ended without being killed. */
  ownEnds = 0;
  #killed = false;

  /** @param settings configuration as environment variables; its log is appended to `logFile` */
  constructor(settings: Readonly<Record<string, string>>, logFile: string) {
    this.#env = { ...process.env, ...settings };
    this.#logFile = logFile;
    this.#start();
  }

  kill9(): void {
    this.#killed = true;
    this.#child?.kill('SIGKILL');
  }

  /** Ends it for good, properly. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#restart) clearTimeout(this.#restart);
    const child = this.#child;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }

  #start(): void {
    const log = openSync(this.#logFile, 'a');
    const child = spawn(process.execPath, [main], { env: this.#env, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child = child;
    this.#killed = false;
    child.once('exit', () => {
      this.#child = null;
      if (this.#closed) return;
      if (!this.#killed) this.ownEnds++;
      this.#restart = setTimeout(() => this.#start(), restartMs);
    });
  }
}
