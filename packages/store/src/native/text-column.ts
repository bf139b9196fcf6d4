import { ByteStore, type Column, writeLength } from './column.ts';

/** Up to here a loop over the characters is faster than a call of Node's encoder. */
const loopLengthMax = 64;
/** So many characters have fewer than 128 bytes, whose length is one byte. */
const shortLengthMax = 42;

/** String: each value is its length in bytes and its UTF-8. What is no well-formed UTF-16 gets U+FFFD in its place. */
export class TextColumn implements Column<string> {
  readonly type = 'String';
  readonly #store = new ByteStore();

  get bytes(): number {
    return this.#store.at;
  }

  push(text: string): void {
    const store = this.#store;
    // A unit of UTF-16 has at most three bytes in UTF-8.
    store.reserve(text.length * 3 + 5);
    if (text.length > loopLengthMax || !pushAscii(store, text)) pushAny(store, text);
  }

  /**
   * The same for ASCII as it lies in a message.
   * @param bytes of which those from `from` up to `to` are the text, all below 128
   */
  pushAscii(bytes: Uint8Array, from: number, to: number): void {
    const store = this.#store;
    const length = to - from;
    store.reserve(length + 5);
    writeLength(store, length);
    const { bytes: into } = store;
    let { at } = store;
    for (let i = from; i < to; i++) into[at++] = bytes[i]!;
    store.at = at;
  }

  /** The same for what `encodeText` has made and lies in `bytes` from one place up to another. */
  pushEncoded(bytes: Uint8Array, from = 0, to = bytes.length): void {
    const store = this.#store;
    store.reserve(to - from);
    const { bytes: into } = store;
    let { at } = store;
    for (let i = from; i < to; i++) into[at++] = bytes[i]!;
    store.at = at;
  }

  encoded(): Uint8Array[] {
    return [this.#store.used()];
  }

  /** Forgets the values and keeps the room for them. */
  clear(): void {
    this.#store.clear();
  }

  *values(): Generator<string> {
    const { bytes, at: end } = this.#store;
    for (let at = 0; at < end; ) {
      let length = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++]!;
        length |= (byte & 127) << shift;
        if (byte < 128) break;
      }
      yield bytes.toString('utf8', at, at + length);
      at += length;
    }
  }
}

/** A text as a column takes it, for those that are pushed again and again. */
export function encodeText(text: string): Uint8Array {
  const column = new TextColumn();
  column.push(text);
  return Uint8Array.from(column.encoded()[0]!);
}

function pushAscii(store: ByteStore, text: string): boolean {
  const { bytes } = store;
  let { at } = store;
  bytes[at++] = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return false;
    bytes[at++] = code;
  }
  store.at = at;
  return true;
}

function pushAny(store: ByteStore, text: string): void {
  if (text.length <= shortLengthMax) {
    const length = store.bytes.write(text, store.at + 1);
    store.bytes[store.at] = length;
    store.at += 1 + length;
    return;
  }
  writeLength(store, Buffer.byteLength(text));
  store.at += store.bytes.write(text, store.at);
}
