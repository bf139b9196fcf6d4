import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '@tripkey/clickhouse-embedded';

/** The embedded engine on one folder and port, for tests that kill it. */
export class RestartableEngine {
  readonly #folder: string;
  readonly #port: number;
  #engine: EmbeddedClickHouse | null = null;

  constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    this.#engine = await startEmbeddedClickHouse({
      folder: this.#folder,
      port: this.#port,
      restartOnCrash: false,
      log: () => {},
    });
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill9(): Promise<void> {
    const engine = this.#engine;
    if (!engine) return;
    this.#engine = null;
    engine.kill9();
    await engine.close();
  }

  async close(): Promise<void> {
    await this.#engine?.close();
  }
}
