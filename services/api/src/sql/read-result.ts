import { addAbortSignal, type Readable } from 'node:stream';
import type { Store } from '@tripkey/store';

export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

export interface ReadResult {
  readonly columns: readonly ResultColumn[];
  /** Rows in the order of the columns. */
  readonly rows: AsyncIterable<unknown[]>;
}

/** Runs a query and reads its answer row by row. @throws what ClickHouse says, at once or while rows are read. */
export async function readResult(
  store: Store,
  query: { readonly sql: string; readonly params: Readonly<Record<string, unknown>>; readonly id: string },
  signal: AbortSignal,
): Promise<ReadResult> {
  const answer = await store.client.query({
    query: query.sql.replace(/[;\s]+$/, ''),
    query_params: query.params,
    query_id: query.id,
    format: 'JSONCompactEachRowWithNamesAndTypes',
    abort_signal: signal,
    // A number beyond 2^53 would come out as another one.
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
  });
  // The client looks at the signal only until the answer begins.
  const lines = linesOf(addAbortSignal(signal, answer.stream() as Readable));
  const names = ((await lines.next()).value ?? []) as string[];
  const types = ((await lines.next()).value ?? []) as string[];
  const columns = names.map((name, i) => ({ name, type: types[i] ?? '' }));
  const wide = types.map((type) => /^(Nullable\()?U?Int64\)?$/.test(type));
  return { columns, rows: rowsOf(lines, wide) };
}

async function* linesOf(blocks: AsyncIterable<{ json(): unknown }[]>): AsyncGenerator<unknown[]> {
  for await (const block of blocks) for (const row of block) yield row.json() as unknown[];
}

/** 64-bit numbers that JavaScript can hold are numbers; others stay text. */
async function* rowsOf(
  lines: AsyncGenerator<unknown[]>,
  wide: readonly boolean[],
): AsyncGenerator<unknown[]> {
  for await (const row of lines) {
    yield row.map((value, i) =>
      wide[i] && typeof value === 'string' && Number.isSafeInteger(Number(value)) ? Number(value) : value,
    );
  }
}
