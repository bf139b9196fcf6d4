import { type Block, encodeBlock } from './native/encode-block.ts';
import { UInt8Column, UInt16Column, WholeColumn } from './native/fixed-columns.ts';
import { TextColumn } from './native/text-column.ts';

const columns = ['shard', 'subject', 'slot', 'generation', 'learned_until', 'profile'] as const;

/** A row of `profiles_v2`, whose comments say what each is. */
export interface ProfileRow {
  readonly shard: number;
  readonly subject: string;
  readonly slot: number;
  readonly generation: number;
  /** Epoch ms. */
  readonly learned_until: number;
  /** JSON, which is not written as a text within JSON once more on its way. */
  readonly profile: string;
}

/**
 * Rows of `profiles_v2` as columns. To be used again and again: what is outside of the heap makes the garbage collector
 * look through all of it when it is allocated anew, which takes seconds where a million keys are known.
 */
export class ProfileBlock implements Block {
  readonly columns = columns;
  rows = 0;
  readonly #of = {
    shard: new UInt16Column(),
    subject: new TextColumn(),
    slot: new UInt8Column(),
    generation: new WholeColumn(),
    learned_until: new WholeColumn("DateTime64(3, 'UTC')"),
    profile: new TextColumn(),
  };

  /** Size of the texts, which is about all. */
  get bytes(): number {
    return this.#of.subject.bytes + this.#of.profile.bytes;
  }

  push(row: ProfileRow): void {
    const of = this.#of;
    of.shard.push(row.shard);
    of.subject.push(row.subject);
    of.slot.push(row.slot);
    of.generation.push(row.generation);
    of.learned_until.push(row.learned_until);
    of.profile.push(row.profile);
    this.rows++;
  }

  /** Forgets the rows and keeps the room for them; what `encode` gave is no longer valid. */
  clear(): void {
    for (const column of Object.values(this.#of)) column.clear();
    this.rows = 0;
  }

  encode(): Uint8Array[] {
    return encodeBlock(columns, this.rows, this.#of);
  }
}
