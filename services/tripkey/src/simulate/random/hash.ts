/** A well-mixed 32-bit number from up to four numbers; the same numbers always give the same one. */
export function hash32(a: number, b = 0, c = 0, d = 0): number {
  let h = mix(0x9e3779b9 ^ a);
  h = mix(h ^ b);
  h = mix(h ^ c);
  return mix(h ^ d);
}

/** The same for a text: FNV-1a, then mixed, because FNV alone leaves similar texts close to each other. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** MurmurHash3's 32-bit finalizer. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
