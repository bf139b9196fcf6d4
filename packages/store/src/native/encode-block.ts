import { ByteStore, type Column, writeLength } from './column.ts';
import { TextColumn } from './text-column.ts';

/** Rows that are ready to be inserted as one block. */
export interface Block {
  readonly rows: number;
  readonly columns: readonly string[];
  /** The block in the format Native: one piece after the other, valid until the next change. */
  encode(): readonly Uint8Array[];
}

/**
 * One block in the format Native: the counts of columns and rows, then of each column its name, its type and its values.
 * @param columns names, in the order in which they are sent
 * @param of the columns, each with a value of every row
 */
export function encodeBlock<Name extends string>(
  columns: readonly Name[],
  rows: number,
  of: Readonly<Record<Name, Pick<Column<unknown>, 'type' | 'encoded'>>>,
): Uint8Array[] {
  const head = new ByteStore(64);
  writeLength(head, columns.length);
  writeLength(head, rows);
  const parts: Uint8Array[] = [head.used()];
  for (const name of columns) {
    const title = new TextColumn();
    title.push(name);
    title.push(of[name].type);
    parts.push(...title.encoded(), ...of[name].encoded());
  }
  return parts;
}
