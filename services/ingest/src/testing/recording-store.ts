import type { Store } from '@tripkey/store';

/** A store for tests that keeps what is inserted, once a token and table, and can be down. */
export class RecordingStore implements Store {
  readonly database = 'test';
  /** While set, every insert fails. */
  down = false;
  /** Holds inserts of requests back until it resolves. */
  gate: Promise<void> = Promise.resolve();
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

  async insertCompact(table: string, columns: readonly string[], body: Buffer, token: string): Promise<void> {
    if (body.length === 0) return;
    const lines = body.toString().trimEnd().split('\n');
    const rows = lines.map((line) => {
      const values = JSON.parse(line) as unknown[];
      return Object.fromEntries(columns.map((column, i) => [column, values[i]]));
    });
    await this.#keep(table, token, rows);
  }

  async ask(): Promise<never[]> {
    return [];
  }

  async command(): Promise<void> {}

  async ping(): Promise<{ ok: true }> {
    return { ok: true };
  }

  get client(): never {
    throw new Error('a recording store has no client');
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #keep(table: string, token: string, rows: Record<string, unknown>[]): Promise<void> {
    this.attempts.push(`${table} ${token}`);
    if (table === 'requests_raw_v1') await this.gate;
    if (this.down) throw new Error('the store is down');
    const id = `${table} ${token}`;
    if (!this.#inserts.has(id)) this.#inserts.set(id, { table, token, rows });
  }
}

/** Rows of the raw table by their position. */
export function positions(store: RecordingStore): string[] {
  return store.rows('requests_raw_v1').map((row) => `${row._partition}/${row._offset}/${row._idx}`);
}
