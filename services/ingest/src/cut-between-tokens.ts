/** Cuts text without leaving the beginning of a word at its end, which could be part of a secret. */
export function cutBetweenTokens(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const kept = text.slice(0, lengthMax - 1).replace(/[^\s"',;{}[\]/?&()]+$/, '');
  return `${kept}…`;
}
