import { readEventTime } from '../event-time.ts';
import { textOf } from './known-texts.ts';
import { fieldOf, type PlainScanner } from './plain-scanner.ts';

/** Length of `2026-03-02T10:00`. */
const minuteLength = 16;

/** Reads event times in messages. Of the form that most write only the seconds are read anew. */
export class PlainTimes {
  /** The minute that was read last, and when it began: events come in the order of time, more or less. */
  readonly #minute = new Uint8Array(minuteLength);
  #minuteMs = Number.NaN;

  /** Epoch ms of `ts`; NaN when it is not there, or no time. */
  read(message: Uint8Array, scanner: PlainScanner): number {
    if (!scanner.has(fieldOf.ts)) return readEventTime(scanner.number(fieldOf.ts, Number.NaN));
    const from = scanner.from[fieldOf.ts]!;
    const to = scanner.to[fieldOf.ts]!;
    // 2026-03-02T10:00:00.123Z
    const isUsual =
      to - from === 24 && message[from + 16] === 58 && message[from + 19] === 46 && message[from + 23] === 90;
    if (!isUsual) return readEventTime(textOf(message, from, to));
    this.#readMinute(message, from);
    const at = from + minuteLength + 1;
    const tens = digitAt(message, at);
    // Sixty seconds and more: a leap second or a mistake. NaN fails the comparison.
    if (!(tens < 6)) return Number.NaN;
    const seconds = tens * 10 + digitAt(message, at + 1);
    const ms = digitAt(message, at + 3) * 100 + digitAt(message, at + 4) * 10 + digitAt(message, at + 5);
    return this.#minuteMs + seconds * 1_000 + ms;
  }

  #readMinute(message: Uint8Array, from: number): void {
    const minute = this.#minute;
    let same = 0;
    while (same < minuteLength && message[from + same] === minute[same]) same++;
    if (same === minuteLength) return;
    minute.set(message.subarray(from, from + minuteLength));
    this.#minuteMs = readEventTime(`${textOf(message, from, from + minuteLength)}:00.000Z`);
  }
}

function digitAt(message: Uint8Array, at: number): number {
  const value = message[at]! - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}
