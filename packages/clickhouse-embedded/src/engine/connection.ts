import type { NativeAddon, NativeConnection, NativeResult } from './native.ts';
import type { OpGate } from './op-gate.ts';

/** What one connection needs of its engine. */
export interface EngineParts {
  readonly addon: NativeAddon;
  readonly gate: OpGate;
  /** Asks the engine to cancel the queries that carry this tag; never rejects. */
  kill(tag: string): Promise<void>;
  /** Destroys the native connection; no call on it is under way. */
  release(native: NativeConnection): void;
}

/**
 * One connection of the engine. Calls run one after another, the caller awaits each.
 *
 * `signal` stops a call for real: the engine is told to kill the queries whose `log_comment` is `tag`, again and again
 * until the call has ended, because a KILL that comes before the engine has registered the query finds nothing.
 */
export class EngineConnection {
  readonly #parts: EngineParts;
  readonly #native: NativeConnection;
  #calls = 0;
  #closing = false;

  constructor(parts: EngineParts, native: NativeConnection) {
    this.#parts = parts;
    this.#native = native;
  }

  /** Runs SQL and returns the whole result in memory. `format` applies unless the SQL names one. */
  run(sql: string, format: string, stop?: { signal: AbortSignal; tag: string }): Promise<NativeResult> {
    const { addon } = this.#parts;
    return this.#call(() => addon.QueryAsyncConnection(this.#native, sql, format), stop);
  }

  /** Runs a SELECT; yields its result block by block, each block a complete document of the format. */
  async *stream(
    sql: string,
    format: string,
    stop: { signal: AbortSignal; tag: string },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { addon } = this.#parts;
    stop.signal.throwIfAborted();
    const stream = addon.StreamQuery(this.#native, sql, format);
    // A stream that ended, well or badly, has released itself. One that was never fetched from because of an abort has
    // not: the addon's finalizer would cancel it some day, on a connection that is gone by then, and take the process
    // down with it.
    let ended = false;
    const fetch = async () => {
      try {
        const block = await addon.StreamFetch(stream);
        ended = block.done;
        return block;
      } catch (error) {
        ended = true;
        throw error;
      }
    };
    try {
      for (;;) {
        const block = await this.#call(fetch, stop);
        if (block.done) return;
        yield block.bytes;
      }
    } finally {
      if (!ended) addon.StreamCancel(stream);
    }
  }

  /** Gives the connection back; at once when idle, else when its running call ends. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    if (this.#calls === 0) this.#parts.release(this.#native);
  }

  async #call<T>(op: () => Promise<T>, stop?: { signal: AbortSignal; tag: string }): Promise<T> {
    if (this.#closing) throw new Error('this connection is closed');
    this.#calls++;
    try {
      return await this.#parts.gate.pass(async () => {
        stop?.signal.throwIfAborted();
        const running = op();
        if (!stop) return await running;
        const killing = new AbortController();
        const onAbort = () => void this.#killUntilEnded(stop.tag, killing.signal);
        stop.signal.addEventListener('abort', onAbort, { once: true });
        try {
          return await running;
        } finally {
          stop.signal.removeEventListener('abort', onAbort);
          killing.abort();
        }
      });
    } finally {
      this.#calls--;
      if (this.#closing && this.#calls === 0) this.#parts.release(this.#native);
    }
  }

  async #killUntilEnded(tag: string, ended: AbortSignal): Promise<void> {
    for (let waitMs = 20; !ended.aborted; waitMs = Math.min(2 * waitMs, 1000)) {
      await this.#parts.kill(tag);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        ended.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}
