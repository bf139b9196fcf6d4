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
const nameBytes = names.map((name) => Uint8Array.from(name, (character) => character.charCodeAt(0)));
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
const colon = 0x3a;
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
  /** Which field stood at which place last: senders write them in the same order each time. */
  readonly #order = new Int32Array(names.length + 1).fill(-1);

  /** @returns false when the message is not of the plainest form */
  scan(bytes: Uint8Array): boolean {
    const end = bytes.length;
    this.texts = 0;
    this.numbersFound = 0;
    if (end < 2 || bytes[0] !== open || bytes[end - 1] !== close) return false;
    let at = 1;
    for (let place = 0; place < names.length; place++) {
      if (bytes[at++] !== quote) return false;
      const field = this.#fieldAt(bytes, at, end, place);
      if (field < 0 || ((this.texts | this.numbersFound) & (1 << field)) !== 0) return false;
      at += nameBytes[field]!.length + 1;
      if (bytes[at++] !== colon) return false;
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
  #fieldAt(bytes: Uint8Array, at: number, end: number, place: number): number {
    const expected = this.#order[place]!;
    if (expected >= 0 && isNameAt(nameBytes[expected]!, bytes, at, end)) return expected;
    const field = nameBytes.findIndex((name) => isNameAt(name, bytes, at, end));
    if (field >= 0) this.#order[place] = field;
    return field;
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

function isNameAt(name: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  const after = at + name.length;
  if (after >= end || bytes[after] !== quote) return false;
  for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name[i]) return false;
  return true;
}

function isDigit(code: number): boolean {
  return code >= zero && code <= zero + 9;
}
