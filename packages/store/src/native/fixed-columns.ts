import { addressText, writeAddress } from './address.ts';
import { ByteStore, type Column } from './column.ts';

/** Values that all have the same size. */
abstract class FixedColumn<T> implements Column<T> {
  abstract readonly type: string;
  protected abstract readonly width: number;
  protected readonly store = new ByteStore();

  abstract push(value: T): void;
  protected abstract read(at: number): T;

  get bytes(): number {
    return this.store.at;
  }

  encoded(): Uint8Array[] {
    return [this.store.used()];
  }

  /** Forgets the values and keeps the room for them. */
  clear(): void {
    this.store.clear();
  }

  *values(): Generator<T> {
    for (let at = 0; at < this.store.at; at += this.width) yield this.read(at);
  }

  /** @returns where the next value goes */
  protected next(): number {
    const { store, width } = this;
    store.reserve(width);
    const { at } = store;
    store.at += width;
    return at;
  }
}

export class UInt8Column extends FixedColumn<number> {
  readonly type = 'UInt8';
  protected readonly width = 1;

  push(value: number): void {
    const at = this.next();
    this.store.bytes[at] = value;
  }

  /** Replaces the value of a row. */
  set(row: number, value: number): void {
    this.store.bytes[row] = value;
  }

  /** Rows that have a value. */
  rowsOf(value: number): number[] {
    const rows: number[] = [];
    const used = this.store.used();
    for (let row = used.indexOf(value); row >= 0; row = used.indexOf(value, row + 1)) rows.push(row);
    return rows;
  }

  protected read(at: number): number {
    return this.store.bytes[at]!;
  }
}

export class UInt16Column extends FixedColumn<number> {
  readonly type = 'UInt16';
  protected readonly width = 2;

  push(value: number): void {
    const at = this.next();
    this.store.view.setUint16(at, value, true);
  }

  protected read(at: number): number {
    return this.store.view.getUint16(at, true);
  }
}

export class UInt32Column extends FixedColumn<number> {
  readonly type = 'UInt32';
  protected readonly width = 4;

  push(value: number): void {
    const at = this.next();
    this.store.view.setUint32(at, value, true);
  }

  protected read(at: number): number {
    return this.store.view.getUint32(at, true);
  }
}

/** Whole numbers from 0 up to 2^53 in 64 bits, or times of as many ms. */
export class WholeColumn extends FixedColumn<number> {
  readonly type: string;
  protected readonly width = 8;

  constructor(type: 'UInt64' | "DateTime64(3, 'UTC')" = 'UInt64') {
    super();
    this.type = type;
  }

  push(value: number): void {
    const at = this.next();
    const { view } = this.store;
    view.setUint32(at, value >>> 0, true);
    view.setUint32(at + 4, (value / 0x1_0000_0000) >>> 0, true);
  }

  protected read(at: number): number {
    const { view } = this.store;
    return view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000;
  }
}

export class BigIntColumn extends FixedColumn<bigint> {
  readonly type = 'UInt64';
  protected readonly width = 8;

  push(value: bigint): void {
    const at = this.next();
    this.store.view.setBigUint64(at, value, true);
  }

  protected read(at: number): bigint {
    return this.store.view.getBigUint64(at, true);
  }
}

export class Float32Column extends FixedColumn<number> {
  readonly type = 'Float32';
  protected readonly width = 4;

  push(value: number): void {
    const at = this.next();
    this.store.view.setFloat32(at, value, true);
  }

  protected read(at: number): number {
    return this.store.view.getFloat32(at, true);
  }
}

export class Float64Column extends FixedColumn<number> {
  readonly type = 'Float64';
  protected readonly width = 8;

  push(value: number): void {
    const at = this.next();
    this.store.view.setFloat64(at, value, true);
  }

  protected read(at: number): number {
    return this.store.view.getFloat64(at, true);
  }
}

/** IPv6 addresses as text; IPv4 ones as `::ffff:a.b.c.d`. */
export class AddressColumn extends FixedColumn<string> {
  readonly type = 'IPv6';
  protected readonly width = 16;

  push(address: string): void {
    const at = this.next();
    writeAddress(this.store.bytes, at, address);
  }

  /** The same for what `encodeAddress` has made and lies in `records` from a place on. */
  pushEncoded(records: Uint8Array, from = 0): void {
    const at = this.next();
    const { bytes } = this.store;
    for (let i = 0; i < 16; i++) bytes[at + i] = records[from + i]!;
  }

  protected read(at: number): string {
    return addressText(this.store.bytes, at);
  }
}

/** An address as a column takes it, for those that are pushed again and again. */
export function encodeAddress(address: string): Uint8Array {
  const bytes = new Uint8Array(16);
  writeAddress(bytes, 0, address);
  return bytes;
}
