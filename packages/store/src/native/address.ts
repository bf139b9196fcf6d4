const mappedPrefix = '::ffff:';
const groupsMax = 8;

/**
 * Writes an IPv6 address as its 16 bytes.
 * @param address text that `isIPv6` of `node:net` accepts, without a zone; an IPv4 address after `::ffff:`
 */
export function writeAddress(bytes: Uint8Array, at: number, address: string): void {
  for (let i = at; i < at + 16; i++) bytes[i] = 0;
  if (isMapped(address)) {
    bytes[at + 10] = 0xff;
    bytes[at + 11] = 0xff;
    writeV4(bytes, at + 12, address, mappedPrefix.length);
  } else if (address !== '::') {
    writeGroups(bytes, at, address);
  }
}

/** Nearly every address, so without a search: an IPv4 one has a dot within four characters. */
function isMapped(address: string): boolean {
  if (!address.startsWith(mappedPrefix)) return false;
  for (let i = mappedPrefix.length + 1; i <= mappedPrefix.length + 3; i++) {
    if (address.charCodeAt(i) === 46 /* . */) return true;
  }
  return false;
}

/** The text of an address; IPv4 ones as `::ffff:a.b.c.d`. */
export function addressText(bytes: Uint8Array, at: number): string {
  const groups = Array.from(
    { length: groupsMax },
    (_, i) => (bytes[at + i * 2]! << 8) | bytes[at + i * 2 + 1]!,
  );
  if (groups.every((group) => group === 0)) return '::';
  const mapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (mapped) return `${mappedPrefix}${bytes.subarray(at + 12, at + 16).join('.')}`;
  return groups.map((group) => group.toString(16)).join(':');
}

function writeV4(bytes: Uint8Array, at: number, text: string, from: number): void {
  let byte = 0;
  let place = at;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46 /* . */) {
      bytes[place++] = byte;
      byte = 0;
    } else byte = byte * 10 + code - 48;
  }
  bytes[place] = byte;
}

function writeGroups(bytes: Uint8Array, at: number, text: string): void {
  const [head = '', tail] = text.split('::');
  writeSide(bytes, at, head);
  if (tail) writeSide(bytes, at + 16 - sideLength(tail), tail);
}

function sideLength(side: string): number {
  return side.split(':').length * 2 + (side.includes('.') ? 2 : 0);
}

function writeSide(bytes: Uint8Array, at: number, side: string): void {
  let place = at;
  for (const group of side === '' ? [] : side.split(':')) {
    if (group.includes('.')) {
      writeV4(bytes, place, group, 0);
      return;
    }
    const value = Number.parseInt(group, 16);
    bytes[place++] = value >> 8;
    bytes[place++] = value & 0xff;
  }
}
