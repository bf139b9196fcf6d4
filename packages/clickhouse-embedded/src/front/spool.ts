import { createHash, randomUUID } from 'node:crypto';
import { copyFile, type FileHandle, mkdir, open, rm, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EmbeddedClickHouseError } from '../embedded-error.ts';
import { QueryError } from './query-error.ts';

/** A body larger than this leaves memory for the disk. */
const memoryBodyBytesMax = 256 * 1024 * 1024;
/** Memory is used only while this much of it stays free. */
const memoryFreeBytesMin = 512 * 1024 * 1024;
/** Bytes gathered before they are written: one thread of the pool for one write, not for one network packet. */
const writeBytes = 1024 * 1024;

/** A spooled body. Dispose of it when the insert has ended. */
export interface SpooledBody extends AsyncDisposable {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Files for the bodies of inserts, which the engine reads with `FROM INFILE`. Bodies never become part of SQL text: the
 * engine would take an empty line in them for the end of the data and run what follows as SQL.
 *
 * The files live in memory (tmpfs) where there is room, else in the data folder.
 */
export class Spool {
  readonly #disk: string;
  readonly #memory: string;
  #memoryUsable = true;

  private constructor(disk: string, memory: string) {
    this.#disk = disk;
    this.#memory = memory;
  }

  /**
   * Opens the spool of a data folder, empty. Call it while holding the engine's lock.
   * @throws {EmbeddedClickHouseError} when the folder's name cannot be told to the engine
   */
  static async open(folder: string, tmpfs = '/dev/shm'): Promise<Spool> {
    // The engine reads a file name as a pattern.
    if (/[*?{}]/.test(folder)) {
      throw new EmbeddedClickHouseError('engine_failed', `the folder ${folder} must not hold any of * ? { }`);
    }
    const spool = new Spool(`${resolve(folder)}/spool`, spoolInMemory(folder, tmpfs));
    await spool.close();
    await mkdir(spool.#disk, { recursive: true, mode: 0o700 });
    try {
      await mkdir(spool.#memory, { mode: 0o700 });
    } catch {
      // No tmpfs here, or one that this user may not write.
      spool.#memoryUsable = false;
    }
    return spool;
  }

  /**
   * Writes a body to a file.
   * @param bytesMax larger bodies are refused
   * @throws {QueryError} 307 when it is larger; what `body` throws; file errors. The file is gone then.
   */
  async write(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<SpooledBody> {
    const draft = new Draft(`${await this.#place()}/${randomUUID()}`, this.#disk);
    try {
      await draft.open();
      for await (const chunk of body) {
        await draft.append(chunk);
        if (draft.bytes > bytesMax) {
          throw new QueryError(
            307,
            'TOO_MANY_BYTES',
            `the body is larger than bodyBytesMax, ${bytesMax} bytes`,
          );
        }
        if (draft.bytes > memoryBodyBytesMax) await draft.moveToDisk();
      }
      await draft.flush();
    } catch (error) {
      await draft.close();
      await rm(draft.file, { force: true });
      throw error;
    }
    await draft.close();
    const { file, bytes } = draft;
    return { file, bytes, [Symbol.asyncDispose]: () => rm(file, { force: true }) };
  }

  /** Removes the spool with everything in it. */
  async close(): Promise<void> {
    await rm(this.#disk, { recursive: true, force: true });
    await rm(this.#memory, { recursive: true, force: true });
  }

  async #place(): Promise<string> {
    if (!this.#memoryUsable) return this.#disk;
    const { bavail, bsize } = await statfs(this.#memory);
    return bavail * bsize > memoryFreeBytesMin ? this.#memory : this.#disk;
  }
}

/** A file being written; it can change from memory to disk on the way. */
class Draft {
  file: string;
  bytes = 0;
  readonly #disk: string;
  #handle: FileHandle | undefined;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  constructor(file: string, disk: string) {
    this.file = file;
    this.#disk = disk;
  }

  async open(): Promise<void> {
    this.#handle = await open(this.file, 'wx', 0o600);
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.byteLength;
    this.bytes += chunk.byteLength;
    if (this.#pendingBytes >= writeBytes) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#pendingBytes === 0) return;
    try {
      await this.#writePending();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || this.#onDisk) throw error;
      await this.moveToDisk();
      await this.#writePending();
    }
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  async moveToDisk(): Promise<void> {
    if (this.#onDisk) return;
    const from = this.file;
    await this.close();
    const to = `${this.#disk}/${randomUUID()}`;
    await copyFile(from, to);
    this.file = to;
    this.#handle = await open(to, 'r+');
    await rm(from, { force: true });
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  get #onDisk(): boolean {
    return this.file.startsWith(`${this.#disk}/`);
  }

  /** Writes at its own position, so that a write that broke off half-way can be repeated elsewhere. */
  async #writePending(): Promise<void> {
    if (this.#handle === undefined) throw new Error('the spool file is closed');
    let at = this.bytes - this.#pendingBytes;
    for (const chunk of this.#pending) {
      let done = 0;
      while (done < chunk.byteLength) {
        const { bytesWritten } = await this.#handle.write(chunk, done, chunk.byteLength - done, at + done);
        done += bytesWritten;
      }
      at += chunk.byteLength;
    }
  }
}

/** The folder in `tmpfs` where bodies for an engine's data folder are spooled; no two engines share one. */
export function spoolInMemory(folder: string, tmpfs = '/dev/shm'): string {
  const mark = createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16);
  return `${tmpfs}/tripkey-spool-${mark}`;
}
