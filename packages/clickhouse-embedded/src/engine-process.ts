import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ChildOptions, FromChild, ToChild } from './child-messages.ts';
import { EmbeddedClickHouseError } from './embedded-error.ts';
import type { RunState } from './engine/run-state.ts';

/** Opening a folder takes well under a second; a large one after a crash may take longer. */
const startMsMax = 120_000;
/** The child gives itself 20 s; this is for one that cannot even count. */
const stopMsMax = 30_000;

/**
 * Threads for native calls, file I/O and compression in the child (libuv's default is 4, and a query holds one until it
 * ends). It must stand in the environment before the process starts.
 */
const threads = 16;

/** The child process of one engine, from launch to death. */
export class EngineProcess {
  readonly port: number;
  readonly run: RunState;
  readonly version: string;
  /** Resolves with the reason when the process has ended, however. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;

  private constructor(
    child: ChildProcess,
    exited: Promise<string>,
    ready: Extract<FromChild, { kind: 'ready' }>,
  ) {
    this.#child = child;
    this.exited = exited;
    this.port = ready.port;
    this.run = ready.run;
    this.version = ready.version;
  }

  /**
   * Starts the child and waits until it serves.
   * @throws {EmbeddedClickHouseError}
   */
  static async launch(options: ChildOptions, log: (line: string) => void): Promise<EngineProcess> {
    const child = fork(new URL('./child-main.ts', import.meta.url), [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: { ...process.env, UV_THREADPOOL_SIZE: String(threads), TZ: 'UTC', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const output of [child.stdout, child.stderr]) {
      if (output) createInterface({ input: output }).on('line', log);
    }
    const exited = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
      child.once('error', (error) => resolve(error.message));
    });
    const answer = new Promise<FromChild>((resolve) => child.once('message', (m) => resolve(m as FromChild)));
    const timeout = AbortSignal.timeout(startMsMax);
    const late = new Promise<string>((resolve) => {
      timeout.addEventListener('abort', () => resolve(`no answer within ${startMsMax} ms`));
    });
    tell(child, { kind: 'start', options });
    const first = await Promise.race([answer, exited, late]);
    if (typeof first !== 'string' && first.kind === 'ready') return new EngineProcess(child, exited, first);
    child.kill('SIGKILL');
    await exited;
    throw typeof first === 'string'
      ? new EmbeddedClickHouseError('engine_failed', `the engine's process did not start: ${first}`)
      : new EmbeddedClickHouseError(first.code, first.message);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Asks for a clean stop and waits for it; kills a process that does not obey. */
  async stop(): Promise<void> {
    tell(this.#child, { kind: 'stop' });
    const watchdog = setTimeout(() => this.kill9(), stopMsMax);
    await this.exited;
    clearTimeout(watchdog);
  }

  kill9(): void {
    this.#child.kill('SIGKILL');
  }
}

/** A child that is gone cannot be told; its exit says so elsewhere. */
function tell(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message, () => {});
}
