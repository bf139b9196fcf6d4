import { type Clock, systemClock } from '@tripkey/service-kit';
import type { RunState } from './engine/run-state.ts';
import { EngineProcess } from './engine-process.ts';
import type { Users } from './front/access.ts';

export interface EmbeddedClickHouseOptions {
  /** Data folder; made when absent. One process at a time. */
  readonly folder: string;
  /** By default any free one. It stays the same across restarts. */
  readonly port?: number;
  /** Where to listen, by default 127.0.0.1. Elsewhere set a password. */
  readonly host?: string;
  /** Password of the user `default`; without it none is asked. */
  readonly password?: string;
  /** More users. One with `readOnly` may only read, within limits. */
  readonly users?: Users;
  /** Bytes of an insert's body after decompression; by default 4 GiB. */
  readonly bodyBytesMax?: number;
  /** Gets each line that the engine's process writes, and what the supervisor has to say. By default standard error. */
  readonly log?: (line: string) => void;
  /** Start the process again when it dies; by default true. */
  readonly restartOnCrash?: boolean;
  /** Called when the engine serves again after a crash. */
  readonly onRestart?: (engine: EmbeddedClickHouse) => void;
  /** Called when the engine's process has died; `restartOnCrash` decides whether another follows. */
  readonly onCrash?: (reason: string) => void;
  readonly clock?: Clock;
}

/** A running embedded ClickHouse. */
export interface EmbeddedClickHouse extends AsyncDisposable {
  /** For any ClickHouse client. Without user and password: those were chosen by the caller. */
  readonly url: string;
  /** Of the engine's process; another one after a restart. */
  readonly pid: number;
  /** Restarts since this handle was made. */
  readonly restarts: number;
  /**
   * False when the engine's last run on this folder ended without a proper stop (crash, kill, power): rows that it has
   * acknowledged are there, but of an insert that was under way anything may be, and repeating it by its token is not
   * enough. See the package's README.
   */
  readonly lastStopClean: boolean;
  /** Unclean stops in the folder's life. Compare it with the number that you last dealt with. */
  readonly uncleanStops: number;
  /** Version of the engine. */
  readonly version: string;
  /** Kills the engine's process as `kill -9` does; for tests. */
  kill9(): void;
  /** Stops cleanly: takes no more requests, lets those under way end, closes the engine. Can be called twice. */
  close(): Promise<void>;
}

const restartWaitMsMin = 100;
const restartWaitMsMax = 10_000;
/** An engine that ran this long before it died is restarted without the waits that its predecessors earned. */
const healthyMs = 60_000;

/**
 * Starts ClickHouse embedded in a process of its own and serves its HTTP interface on `url`.
 * @throws {EmbeddedClickHouseError} when it cannot start: `platform_unsupported`, `folder_in_use`, `port_in_use`,
 * `engine_failed`.
 */
export async function startEmbeddedClickHouse(
  options: EmbeddedClickHouseOptions,
): Promise<EmbeddedClickHouse> {
  const supervisor = new Supervisor(options);
  await supervisor.start();
  return supervisor;
}

class Supervisor implements EmbeddedClickHouse {
  restarts = 0;
  readonly #options: EmbeddedClickHouseOptions;
  readonly #host: string;
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #closing = new AbortController();
  #port: number;
  #process: EngineProcess | undefined;
  #run: RunState | undefined;
  #closed: Promise<void> | undefined;
  #supervision: Promise<void> | undefined;

  constructor(options: EmbeddedClickHouseOptions) {
    this.#options = options;
    this.#host = options.host ?? '127.0.0.1';
    this.#port = options.port ?? 0;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? ((line) => process.stderr.write(`clickhouse: ${line}\n`));
  }

  get url(): string {
    const host = this.#host === '0.0.0.0' || this.#host === '::' ? '127.0.0.1' : this.#host;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.#port}`;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get lastStopClean(): boolean {
    return this.#run?.lastStopClean ?? false;
  }

  get uncleanStops(): number {
    return this.#run?.uncleanStops ?? 0;
  }

  get version(): string {
    return this.#process?.version ?? '';
  }

  async start(): Promise<void> {
    await this.#launch();
    this.#supervision = this.#supervise();
  }

  kill9(): void {
    this.#process?.kill9();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await this.#process?.stop();
    await this.#supervision;
    // A restart that was under way may have put another process in place.
    await this.#process?.stop();
  }

  async #launch(): Promise<void> {
    const { folder, password = '', users = {}, bodyBytesMax = 4 * 1024 ** 3 } = this.#options;
    const launched = await EngineProcess.launch(
      {
        folder,
        host: this.#host,
        port: this.#port,
        users: { default: { password }, ...users },
        bodyBytesMax,
      },
      this.#log,
    );
    this.#process = launched;
    this.#port = launched.port;
    this.#run = launched.run;
  }

  /** Waits for the process to die and starts the next, until the handle is closed. */
  async #supervise(): Promise<void> {
    let waitMs = restartWaitMsMin;
    for (;;) {
      const startedAt = this.#clock.now();
      const reason = await this.#process?.exited;
      if (this.#closing.signal.aborted) return;
      this.#log(`the engine's process has died (${reason})`);
      this.#options.onCrash?.(reason ?? 'unknown');
      if (this.#options.restartOnCrash === false) return;
      if (this.#clock.now() - startedAt >= healthyMs) waitMs = restartWaitMsMin;
      for (let serving = false; !serving; ) {
        try {
          await this.#clock.sleep(waitMs, this.#closing.signal);
          waitMs = Math.min(2 * waitMs, restartWaitMsMax);
          await this.#launch();
          serving = true;
        } catch (error) {
          if (this.#closing.signal.aborted) return;
          this.#log(`the engine does not start again, next attempt in ${waitMs} ms: ${error}`);
        }
      }
      this.restarts++;
      this.#log(`the engine serves again, as process ${this.pid}`);
      this.#options.onRestart?.(this);
    }
  }
}
