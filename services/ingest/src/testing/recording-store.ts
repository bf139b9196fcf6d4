import type { Block, Question, RequestBlock, Store } from '@tripkey/store';
import type * as z from 'zod';

/** A store for tests that keeps what is inserted, once a token and table, and can be down. */
export class RecordingStore implements Store {
  readonly database = 'test';
  readonly cluster = null;
  readonly changing = (table: string) => table;
  /** While set, every insert fails. */
  down = false;
  /** Holds inserts of requests back until it resolves. */
  gate: Promise<void> = Promise.resolve();
  /**
   * How the next inserts of requests crash the engine, if they do: it keeps the token without the rows, or the reverse.
   * An insert that it had before is kept out by its token until then.
   */
  crashes: ('rows lost' | 'token lost' | undefined)[] = [];
  /** So many inserts of requests succeed without saying so. */
  answersLost = 0;
  /** Inserts that it says are running when it is asked. */
  running = 0;
  /** Attempts in order, as `table token`. */
  readonly attempts: string[] = [];
  readonly #inserts = new Map<string, { table: string; token: string; rows: Record<string, unknown>[] }>();

  rows(table: string): Record<string, unknown>[] {
    return [...this.#inserts.values()].filter((i) => i.table === table).flatMap((i) => i.rows);
  }

  tokens(table: string): string[] {
    return [...this.#inserts.values()].filter((i) => i.table === table).map((i) => i.token);
  }

  async insert(table: string, rows: readonly object[], token: string): Promise<void> {
    if (rows.length > 0) await this.#keep(table, token, structuredClone(rows) as Record<string, unknown>[]);
  }

  async insertBlock(table: string, block: Block, token: string): Promise<void> {
    if (block.rows > 0)
      await this.#keep(
        table,
        token,
        Array.from(block as RequestBlock, (row) => ({ ...row })),
      );
  }

  async ask<P extends z.ZodObject, R extends z.ZodType>(
    { name }: Question<P, R>,
    params: z.input<P>,
  ): Promise<z.infer<R>[]> {
    if (this.down) throw new Error('the store is down');
    const answers: Record<string, (params: Record<string, unknown>) => unknown[]> = {
      'stored-positions': (range) => this.#storedPositions(range),
      'first-copies': (wanted) => this.#firstCopies(wanted),
      'ingest-partitions': () => this.#ingestPartitions(),
      'api-tokens': () => this.#apiTokens(),
      'running-inserts': () => [{ running: this.running }],
    };
    return (answers[name]?.(params) ?? []) as z.infer<R>[];
  }

  async command(): Promise<void> {}

  async ping(): Promise<{ ok: true }> {
    return { ok: true };
  }

  /** Name of the engine's run; another one stands for a crash in between. */
  run = 'embedded 0';

  /** As much of a client as tells the run. */
  get client(): Store['client'] {
    const command = async () => {};
    const query = async () => {
      if (this.down) throw new Error('the store is down');
      const [host, started_at] = this.run.split(' ');
      return { json: async () => [{ host, started_at: Number(started_at) }], response_headers: {} };
    };
    return { query, command } as unknown as Store['client'];
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #storedPositions(params: Record<string, unknown>): [number, number][] {
    return this.rows(String(params.table))
      .filter(({ _topic, _partition }) => _topic === params.topic && _partition === params.partition)
      .map(({ _offset, _idx }) => [Number(_offset), Number(_idx)] as [number, number])
      .filter(([offset]) => offset >= Number(params.from) && offset < Number(params.to));
  }

  #apiTokens(): unknown[] {
    const last = new Map<unknown, Record<string, unknown>>();
    for (const row of this.rows('api_tokens_v1')) {
      if (Number(row.version) >= Number(last.get(row.token_id)?.version ?? 0)) last.set(row.token_id, row);
    }
    return [...last.values()].map((row) => ({ ...row, changed_at: row.version, used_at: null }));
  }

  #ingestPartitions(): unknown[] {
    const last = new Map<string, Record<string, unknown>>();
    for (const row of this.rows('ingest_progress_v1')) {
      const id = `${row.topic}/${row.partition}`;
      if (Number(row.at) >= Number(last.get(id)?.at ?? 0)) last.set(id, row);
    }
    return [...last.values()].map((row) => ({ ...row, reported_at: row.at }));
  }

  #firstCopies({ keys, times }: Record<string, unknown>): unknown[] {
    const wanted = new Set((keys as string[]).map((key, i) => `${key} ${(times as number[])[i]}`));
    return this.rows('requests_raw_v1')
      .filter(({ key_id, ts, is_repeat }) => is_repeat === 0 && wanted.has(`${key_id} ${ts}`))
      .map((row) => [row.key_id, row.ts, row.event_id, row._topic, row._partition, row._offset, row._idx]);
  }

  async #keep(table: string, token: string, rows: Record<string, unknown>[]): Promise<void> {
    this.attempts.push(`${table} ${token}`);
    if (table === 'requests_raw_v1') await this.gate;
    if (this.down) throw new Error('the store is down');
    const id = `${table} ${token}`;
    const crash = table === 'requests_raw_v1' ? this.crashes.shift() : undefined;
    const known = this.#inserts.get(id);
    if (crash === 'rows lost' && !known) this.#inserts.set(id, { table, token, rows: [] });
    if (crash === 'token lost') {
      this.#inserts.delete(id);
      this.#inserts.set(`${id} ${this.attempts.length}`, known ?? { table, token, rows });
    }
    if (crash) {
      this.run = `embedded ${Number(this.run.split(' ')[1]) + 1}`;
      throw new Error('the engine crashed');
    }
    if (!this.#inserts.has(id)) this.#inserts.set(id, { table, token, rows });
    if (table === 'requests_raw_v1' && this.answersLost-- > 0) throw new Error('no answer');
  }
}

/** Rows of the raw table by their position. */
export function positions(store: RecordingStore): string[] {
  return store.rows('requests_raw_v1').map((row) => `${row._partition}/${row._offset}/${row._idx}`);
}
