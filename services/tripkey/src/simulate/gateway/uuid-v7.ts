import type { Random } from '../random/random.ts';

/** Four hex digits of every 16-bit number. */
const hex16 = Array.from({ length: 65_536 }, (_, n) => n.toString(16).padStart(4, '0'));

/**
 * UUID version 7 (RFC 9562, section 5.7): milliseconds, then random bits, here from a seed.
 * @param at epoch ms
 */
export function uuidV7(random: Random, at: number): string {
  const ms = Math.floor(at);
  const high = Math.floor(ms / 65_536);
  const a = random.bits();
  const b = random.bits();
  const c = random.bits();
  const version = 0x7000 | (a & 0x0fff);
  const variant = 0x8000 | ((a >>> 12) & 0x3fff);
  return `${hex16[high >>> 16]}${hex16[high & 0xffff]}-${hex16[ms % 65_536]}-${hex16[version]}-${hex16[variant]}-${hex16[b >>> 16]}${hex16[b & 0xffff]}${hex16[c & 0xffff]}`;
}
