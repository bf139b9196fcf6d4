import type { RequestEvent } from '@tripkey/contract';

/** Fields that a plain event may have, and how long their texts may be; 0: a number. */
const lengthsMax = {
  event_id: 128,
  ts: 64,
  key_id: 256,
  account_id: 256,
  app_id: 256,
  method: 16,
  route: 512,
  path: 4_096,
  status: 0,
  outcome: 32,
  client_ip: 64,
  user_agent: 1_024,
  bytes_in: 0,
  bytes_out: 0,
  latency_ms: 0,
  cost: 0,
  gateway: 128,
  gateway_seq: 0,
  trace_id: 64,
} as const satisfies { readonly [Field in keyof RequestEvent]?: number };

const names = Object.keys(lengthsMax) as (keyof typeof lengthsMax)[];
/** What follows the first quote of each name: `name":`, as words of four bytes, of which the last two may overlap. */
const nameWords = names.map((name) => {
  const view = new DataView(new TextEncoder().encode(`${name}":`).buffer);
  const last = view.byteLength - 4;
  const starts = Array.from({ length: Math.ceil(view.byteLength / 4) }, (_, i) => Math.min(i * 4, last));
  return Uint32Array.from(starts, (start) => view.getUint32(start, true));
});
const nameLengths = Int32Array.from(names, (name) => name.length + 2);
const textLengthsMax = Int32Array.from(names, (name) => lengthsMax[name]);

/** Number of each field: its place in `from`, `to` and `numbers` of the scanner. */
export const fieldOf = Object.fromEntries(names.map((name, number) => [name, number])) as {
  readonly [Field in keyof typeof lengthsMax]: number;
};
const tsField = fieldOf.ts;

/** Characters of which a text may be made here: printable ASCII but for `"` and `\`. */
const isPlain = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c ? 1 : 0,
);
const powersOfTen = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

const quote = 0x22;
const comma = 0x2c;
const dot = 0x2e;
const zero = 0x30;
const open = 0x7b;
const close = 0x7d;
/** So many digits are exact as a number, and so is their quotient by a power of ten. */
const digitsMax = 15;

/**
 * Finds the fields of one event in the bytes of a message without making texts or objects of them. It knows only the
 * plainest form, which is what programs write: one object without white space, texts of ASCII without escapes, short
 * numbers without exponent, fields of the contract except `tags`, each once and of its type. Of anything else it says
 * so, and JSON.parse has to read it.
 */
export class PlainScanner {
  /** Where the text of each field begins and ends; valid where `texts` says so. */
  readonly from = new Int32Array(names.length);
  readonly to = new Int32Array(names.length);
  /** Valid where `numbersFound` says so. */
  readonly numbers = new Float64Array(names.length);
  /** Bit n: field n is there, as a text. */
  texts = 0;
  /** Bit n: field n is there, as a number. */
  numbersFound = 0;
  /** The bytes that were scanned last, often those of many messages, and a view of them. */
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  /** Which field stood at which place last: senders write them in the same order each time. */
  readonly #order = new Int32Array(names.length + 1).fill(-1);

  /**
   * @param bytes of which those from `from` up to `end` are the message
   * @returns false when the message is not of the plainest form
   */
  scan(bytes: Uint8Array, from: number, end: number): boolean {
    this.texts = 0;
    this.numbersFound = 0;
    if (end - from < 2 || bytes[from] !== open || bytes[end - 1] !== close) return false;
    if (this.#bytes !== bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    let at = from + 1;
    for (let place = 0; place < names.length; place++) {
      if (bytes[at++] !== quote) return false;
      const field = this.#fieldAt(at, end, place);
      if (field < 0 || ((this.texts | this.numbersFound) & (1 << field)) !== 0) return false;
      at += nameLengths[field]!;
      at = bytes[at] === quote ? this.#text(field, bytes, at + 1, end) : this.#number(field, bytes, at, end);
      if (at < 0) return false;
      const next = bytes[at++];
      if (next === close) return at === end;
      if (next !== comma) return false;
    }
    return false;
  }

  /** Whether a text is there. */
  isThere(field: number): boolean {
    return (this.texts & (1 << field)) !== 0;
  }

  /** Whether a text is there and not empty. */
  has(field: number): boolean {
    return (this.texts & (1 << field)) !== 0 && this.to[field]! > this.from[field]!;
  }

  /** A number, or what stands for none. */
  number(field: number, none: number): number {
    return (this.numbersFound & (1 << field)) === 0 ? none : this.numbers[field]!;
  }

  /** @returns the field whose name begins at a place, or -1 */
  #fieldAt(at: number, end: number, place: number): number {
    const expected = this.#order[place]!;
    if (expected >= 0 && this.#isNameAt(expected, at, end)) return expected;
    const field = names.findIndex((_, number) => this.#isNameAt(number, at, end));
    if (field >= 0) this.#order[place] = field;
    return field;
  }

  #isNameAt(field: number, at: number, end: number): boolean {
    const length = nameLengths[field]!;
    if (at + length > end) return false;
    const words = nameWords[field]!;
    const view = this.#view;
    const last = words.length - 1;
    for (let i = 0; i < last; i++) if (view.getUint32(at + i * 4, true) !== words[i]) return false;
    return view.getUint32(at + length - 4, true) === words[last];
  }

  /** @returns the place after the closing quote, or -1 */
  #text(field: number, bytes: Uint8Array, from: number, end: number): number {
    const lengthMax = textLengthsMax[field]!;
    let to = from;
    while (to < end && isPlain[bytes[to]!] === 1) to++;
    if (to >= end || bytes[to] !== quote || to - from > lengthMax || lengthMax === 0) return -1;
    this.from[field] = from;
    this.to[field] = to;
    this.texts |= 1 << field;
    return to + 1;
  }

  /** @returns the place after the last digit, or -1 */
  #number(field: number, bytes: Uint8Array, from: number, end: number): number {
    if (textLengthsMax[field] !== 0 && field !== tsField) return -1;
    let at = from;
    let value = 0;
    for (; at < end && isDigit(bytes[at]!); at++) value = value * 10 + bytes[at]! - zero;
    const whole = at - from;
    if (whole === 0 || (whole > 1 && bytes[from] === zero)) return -1;
    let digits = whole;
    if (at < end && bytes[at] === dot) {
      const first = ++at;
      for (; at < end && isDigit(bytes[at]!); at++) value = value * 10 + bytes[at]! - zero;
      if (at === first) return -1;
      digits += at - first;
      if (digits > digitsMax) return -1;
      value /= powersOfTen[at - first]!;
    }
    if (digits > digitsMax) return -1;
    this.numbers[field] = value;
    this.numbersFound |= 1 << field;
    return at;
  }
}

function isDigit(code: number): boolean {
  return code >= zero && code <= zero + 9;
}
