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

/** Rows of `profiles_v2` as columns. */
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

  encode(): Uint8Array[] {
    return encodeBlock(columns, this.rows, this.#of);
  }
}
