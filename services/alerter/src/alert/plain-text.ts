/**
 * One line of visible characters, at most `charsMax` long: control characters and line breaks become spaces,
 * invisible and direction-changing characters are shown as `⟨U+202E⟩`, what is too long ends in `…`.
 */
export function plainText(value: string, charsMax: number): string {
  const visible = value
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(
      /\p{Cf}|[\u{E0000}-\u{E0FFF}]|\u034F|[\u115F\u1160]|[\u17B4\u17B5]|\u3164|[\uFE00-\uFE0F]|\uFFA0/gu,
      showCodePoint,
    )
    .replace(/\s+/g, ' ')
    .trim();
  const chars = [...visible];
  return chars.length <= charsMax ? visible : `${chars.slice(0, Math.max(0, charsMax - 1)).join('')}…`;
}

function showCodePoint(char: string): string {
  return `⟨U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
