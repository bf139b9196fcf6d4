import { ByteStore, type Column } from './column.ts';
import { TextColumn } from './text-column.ts';

/** `SharedDictionariesWithAdditionalKeys`: the only form of dictionaries that there is. */
const formVersion = 1n;
/** The dictionary comes with the block. */
const ownDictionary = 0x600n;

/** A text that is pushed again and again: it knows its number in the column that it was pushed into last. */
export class Word {
  readonly text: string;
  /** Which column that was; none is 0. Not the column itself, which would be kept in memory by it. */
  column = 0;
  number = 0;

  constructor(text: string) {
    this.text = text;
  }
}

let columns = 0;

/** LowCardinality(String): every different text once, and a number for each value. */
export class WordColumn implements Column<string> {
  readonly type = 'LowCardinality(String)';
  readonly #id = ++columns;
  readonly #numbers = new Map<string, number>();
  readonly #words = new TextColumn();
  readonly #values = new ByteStore();
  #last = '';
  #lastNumber = -1;

  get bytes(): number {
    return this.#words.bytes + this.#values.at;
  }

  push(text: string): void {
    if (text !== this.#last || this.#lastNumber < 0) {
      this.#lastNumber = this.#numberOf(text);
      this.#last = text;
    }
    this.#add(this.#lastNumber);
  }

  /** The same, without looking the text up each time. */
  pushWord(word: Word): void {
    if (word.column !== this.#id) {
      word.number = this.#numberOf(word.text);
      word.column = this.#id;
    }
    this.#add(word.number);
  }

  encoded(): Uint8Array[] {
    const rows = this.#values.at / 4;
    if (rows === 0) return [uint64s(formVersion)];
    const words = this.#numbers.size;
    const width = words <= 0x100 ? 0 : words <= 0x1_0000 ? 1 : 2;
    return [
      uint64s(formVersion, ownDictionary | BigInt(width), BigInt(words)),
      ...this.#words.encoded(),
      uint64s(BigInt(rows)),
      this.#narrowed(rows, width),
    ];
  }

  *values(): Generator<string> {
    const words = [...this.#words.values()];
    const { view, at: end } = this.#values;
    for (let at = 0; at < end; at += 4) yield words[view.getUint32(at, true)]!;
  }

  #add(number: number): void {
    const values = this.#values;
    values.reserve(4);
    values.view.setUint32(values.at, number, true);
    values.at += 4;
  }

  #numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(text, number);
      this.#words.push(text);
    }
    return number;
  }

  /** The numbers in as few bytes as the largest needs. */
  #narrowed(rows: number, width: number): Uint8Array {
    if (width === 2) return this.#values.used();
    const { bytes } = this.#values;
    const narrow = Buffer.allocUnsafe(rows << width);
    for (let i = 0; i < rows; i++) {
      narrow[i << width] = bytes[i * 4]!;
      if (width === 1) narrow[i * 2 + 1] = bytes[i * 4 + 1]!;
    }
    return narrow;
  }
}

function uint64s(...values: bigint[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => {
    bytes.writeBigUInt64LE(value, i * 8);
  });
  return bytes;
}
