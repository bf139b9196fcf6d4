import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedClickHouseError } from '../embedded-error.ts';
import { EngineConnection } from './connection.ts';
import { type Classification, loadNative, type NativeAddon, type NativeConnection } from './native.ts';
import { OpGate } from './op-gate.ts';
import { identifier, literal } from './sql-text.ts';

/** The database that requests work in. */
export const productDatabase = 'tripkey';

/** Threads of libuv's pool that queries leave to file I/O, compression and KILL. */
const threadsKeptFree = 4;

/**
 * Settings that the engine takes from a file only. Merging is most of its work and can wait: it yields to inserts and
 * queries, as long as these leave something of the processor.
 */
const serverConfig = `<clickhouse>
    <os_threads_nice_value_merge_mutate>10</os_threads_nice_value_merge_mutate>
</clickhouse>
`;

/**
 * The ClickHouse engine of this process, on one data folder. There can be only one in a process, and only one process
 * on a folder: the engine's own lock (a file that dies with its process) decides.
 */
export class Engine {
  readonly gate: OpGate;
  readonly version: string;
  readonly #addon: NativeAddon;
  readonly #data: string;
  readonly #root: NativeConnection;
  #open = 0;
  #kills = 0;

  private constructor(addon: NativeAddon, data: string, root: NativeConnection, version: string) {
    const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4);
    this.gate = new OpGate(Math.max(1, threads - threadsKeptFree));
    this.#addon = addon;
    this.#data = data;
    this.#root = root;
    this.version = version;
  }

  /**
   * Opens the folder (made when absent) and prepares its databases.
   *
   * The engine comes with a database `default` in which every readable file of the machine shows as a table. It cannot
   * just be dropped, since new connections start in it; an empty one in which nothing can be created takes its place.
   * @throws {EmbeddedClickHouseError} `platform_unsupported`, `folder_in_use`, `engine_failed`
   */
  static async open(folder: string, load: () => NativeAddon = loadNative): Promise<Engine> {
    const addon = load();
    const data = join(folder, 'engine');
    mkdirSync(data, { recursive: true });
    const config = join(folder, 'engine-config.xml');
    writeFileSync(config, serverConfig);
    let root: NativeConnection;
    try {
      root = addon.CreateConnection(data, [`--config-file=${config}`]);
    } catch (cause) {
      throw openError(folder, cause);
    }
    const text = async (sql: string) =>
      Buffer.from((await addon.QueryAsyncConnection(root, sql, 'TSVRaw')).bytes)
        .toString()
        .trim();
    try {
      await text(`CREATE DATABASE IF NOT EXISTS ${identifier(productDatabase)} ENGINE = Atomic`);
      await text('DROP DATABASE IF EXISTS default');
      await text('CREATE DATABASE default ENGINE = Dictionary');
      return new Engine(addon, data, root, await text('SELECT version()'));
    } catch (cause) {
      addon.CloseConnection(root);
      throw new EmbeddedClickHouseError('engine_failed', `the engine cannot use ${folder}: ${cause}`, {
        cause,
      });
    }
  }

  /** Connections that are open, without the engine's own. */
  get connections(): number {
    return this.#open;
  }

  /** Queries stopped because nobody waited for them any more (times a KILL was sent). */
  get kills(): number {
    return this.#kills;
  }

  /** A fresh connection: no settings, no temporary tables of anybody else. The caller closes it. */
  connect(): EngineConnection {
    const native = this.#addon.CreateConnection(this.#data);
    this.#open++;
    return new EngineConnection(
      {
        addon: this.#addon,
        gate: this.gate,
        kill: (tag) => this.kill(tag),
        release: (connection) => {
          this.#open--;
          this.#addon.CloseConnection(connection);
        },
      },
      native,
    );
  }

  /** What the engine's parser says of a text; nothing is run. */
  classify(sql: string): Promise<Classification> {
    return this.#addon.DurableClassifyAsync(this.#root, sql, null);
  }

  /** One question of the front's own, outside the gate. */
  async ask(sql: string): Promise<string> {
    const result = await this.#addon.QueryAsyncConnection(this.#root, sql, 'TSVRaw');
    return Buffer.from(result.bytes).toString();
  }

  /**
   * Tells the engine to cancel the queries tagged so, or all. ASYNC: the SYNC form never comes back. Does not reject:
   * whoever kills has nobody to tell, and asks again while the query runs.
   */
  async kill(tag?: string): Promise<void> {
    this.#kills++;
    const which =
      tag === undefined ? "query NOT LIKE 'KILL QUERY%'" : `Settings['log_comment'] = ${literal(tag)}`;
    try {
      await this.ask(`KILL QUERY WHERE ${which} ASYNC`);
    } catch (error) {
      console.error(`a query could not be killed: ${error}`);
    }
  }

  /** Closes the engine. Every other connection must be closed before. */
  close(): void {
    this.#addon.CloseConnection(this.#root);
  }
}

function openError(folder: string, cause: unknown): EmbeddedClickHouseError {
  const pid = lockHolder(folder);
  if (pid !== undefined) {
    return new EmbeddedClickHouseError(
      'folder_in_use',
      `the data folder ${folder} is held by process ${pid}. Stop that process, or choose another folder.`,
      { cause },
    );
  }
  return new EmbeddedClickHouseError('engine_failed', `the engine cannot open ${folder}: ${cause}`, {
    cause,
  });
}

/** Pid of the live process that the engine's lock file names. */
function lockHolder(folder: string): number | undefined {
  let pid: number;
  try {
    pid = Number(/^PID: (\d+)/.exec(readFileSync(join(folder, 'engine', 'status'), 'utf8'))?.[1]);
  } catch {
    // No lock file, no holder: the engine failed for another reason, which the caller reports.
    return undefined;
  }
  if (!Number.isInteger(pid) || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : undefined;
  }
}
