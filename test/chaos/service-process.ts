import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** How long a process that ended is left alone before it is started again, ms: as an orchestrator does. */
const restartMs = 200;

/** A service in a process of its own, which is started again whenever it ends. */
export class ServiceProcess {
  readonly #main: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #logFile: string;
  readonly #command: readonly string[];
  #child: ChildProcess | null = null;
  #closed = false;
  #restart: NodeJS.Timeout | null = null;
  #killed = false;
  /** Times that it ended without being killed. */
  ownEnds = 0;

  /**
   * @param service folder below `services/`
   * @param settings configuration as environment variables
   * @param logFile what it says is appended to this file
   * @param within command that runs it elsewhere, such as in a network of its own
   */
  constructor(
    service: string,
    settings: Readonly<Record<string, string>>,
    logFile: string,
    within: readonly string[] = [],
  ) {
    this.#main = fileURLToPath(new URL(`../../services/${service}/src/main.ts`, import.meta.url));
    this.#env = { ...process.env, ...settings };
    this.#logFile = logFile;
    this.#command = [...within, process.execPath, this.#main];
    this.#start();
  }

  kill9(): void {
    this.#killed = true;
    this.#child?.kill('SIGKILL');
  }

  /** Stops it where it is, and it does not know (SIGSTOP). */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** Lets it go on. */
  goOn(): void {
    this.#child?.kill('SIGCONT');
  }

  /** The most memory that the process which runs now has had at once, MB; null where the system does not tell. */
  get residentMbMax(): number | null {
    return this.#memoryMb('VmHWM');
  }

  /** The memory that it has now, MB; null where the system does not tell. */
  get residentMb(): number | null {
    return this.#memoryMb('VmRSS');
  }

  #memoryMb(field: 'VmHWM' | 'VmRSS'): number | null {
    try {
      const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8');
      return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024);
    } catch {
      return null;
    }
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

  /** The end of what it said, which tells why it ended. */
  #lastWords(): string {
    return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-3).join(' | ').slice(-2_000);
  }

  #start(): void {
    const log = openSync(this.#logFile, 'a');
    const [command = '', ...args] = this.#command;
    const child = spawn(command, args, { env: this.#env, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child = child;
    this.#killed = false;
    child.once('exit', (code, signal) => {
      this.#child = null;
      if (this.#closed) return;
      if (!this.#killed) {
        this.ownEnds++;
        process.stderr.write(`${this.#logFile}: ended by itself (${signal ?? code}): ${this.#lastWords()}\n`);
      }
      this.#restart = setTimeout(() => this.#start(), restartMs);
    });
  }
}
