import { ByteTable, notKnown } from './byte-table.ts';

/** Remembers what was found for texts that lie in messages; each is made and looked into once. */
export class KnownTexts<V> {
  readonly #table: ByteTable;
  readonly #find: (text: string) => V;
  #values: V[] = [];

  /**
   * @param textsMax a power of two; when so many are known they are forgotten
   * @param find what is to be remembered of a text
   */
  constructor(textsMax: number, find: (text: string) => V) {
    this.#table = new ByteTable(textsMax);
    this.#find = find;
  }

  /** What was or now is found for the text from one place of `bytes` up to another. */
  get(bytes: Uint8Array, from: number, to: number): V {
    const number = this.#table.get(bytes, from, to);
    return number === notKnown ? this.#add(bytes, from, to) : this.#values[number]!;
  }

  #add(bytes: Uint8Array, from: number, to: number): V {
    const value = this.#find(textOf(bytes, from, to));
    if (this.#table.isFull) {
      this.#table.clear();
      this.#values = [];
    }
    this.#table.set(bytes, from, to, this.#values.length);
    this.#values.push(value);
    return value;
  }
}

/** The text that ASCII stands for. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
}
