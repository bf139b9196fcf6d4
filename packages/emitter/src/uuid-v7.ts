import { getRandomValues } from 'node:crypto';

/**
 * UUID version 7 (RFC 9562, section 5.7): the time in milliseconds, then 74 random bits.
 * @param nowMs epoch ms
 */
export function uuidV7(nowMs: number): string {
  const bytes = Buffer.alloc(16);
  getRandomValues(bytes);
  bytes.writeUIntBE(Math.max(0, Math.floor(nowMs)), 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
