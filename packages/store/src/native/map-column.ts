import type { Column } from './column.ts';
import { WholeColumn } from './fixed-columns.ts';
import { TextColumn } from './text-column.ts';

/** Map(String, String): how many entries there are up to each row, then all names, then all values. */
export class MapColumn implements Column<Readonly<Record<string, string>>> {
  readonly type = 'Map(String, String)';
  readonly #ends = new WholeColumn();
  readonly #names = new TextColumn();
  readonly #texts = new TextColumn();
  #entries = 0;

  get bytes(): number {
    return this.#ends.bytes + this.#names.bytes + this.#texts.bytes;
  }

  push(map: Readonly<Record<string, string>>): void {
    for (const name in map) {
      this.#names.push(name);
      this.#texts.push(map[name]!);
      this.#entries++;
    }
    this.#ends.push(this.#entries);
  }

  encoded(): Uint8Array[] {
    return [...this.#ends.encoded(), ...this.#names.encoded(), ...this.#texts.encoded()];
  }

  *values(): Generator<Readonly<Record<string, string>>> {
    const names = [...this.#names.values()];
    const texts = [...this.#texts.values()];
    let from = 0;
    for (const end of this.#ends.values()) {
      yield Object.fromEntries(names.slice(from, end).map((name, i) => [name, texts[from + i]!]));
      from = end;
    }
  }
}
