import type { Random } from '../random/random.ts';

const digits = Buffer.from('0123456789abcdef', 'latin1');

/** Where the hex digits of a UUID stand, in the order they are written. */
const places = [...'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'].flatMap((mark, place) =>
  mark === 'x' ? [place] : [],
);
const text = Buffer.from('xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx', 'latin1');

/**
 * UUID version 7 (RFC 9562, section 5.7): milliseconds, then random bits, here from a seed.
 * @param at epoch ms
 */
export function uuidV7(random: Random, at: number): string {
  const ms = Math.floor(at);
  const a = random.bits();
  write(0, 8, Math.floor(ms / 65_536));
  write(8, 12, ms % 65_536);
  // Version and variant are the first digits of their groups.
  write(12, 16, 0x7000 | (a & 0x0fff));
  write(16, 20, 0x8000 | ((a >>> 12) & 0x3fff));
  write(20, 28, random.bits());
  write(28, 32, random.bits());
  return text.toString('latin1');
}

/** Writes the low hex digits of a number at the digits from..to of the UUID. */
function write(from: number, to: number, value: number): void {
  let rest = value;
  for (let digit = to - 1; digit >= from; digit--) {
    text[places[digit]!] = digits[rest & 15]!;
    rest >>>= 4;
  }
}
