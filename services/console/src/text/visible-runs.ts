/** A piece of a text: shown as it is, or a character that cannot be seen or that changes how others are shown. */
export interface Run {
  readonly kind: 'text' | 'control';
  /** For `control`: its name, such as `U+202E`. */
  readonly text: string;
  /** For `control`: what it does, for the tooltip. */
  readonly meaning?: string;
}

const names: Readonly<Record<number, string>> = {
  0: 'null',
  7: 'bell',
  8: 'backspace',
  9: 'tab',
  10: 'line feed',
  13: 'carriage return',
  27: 'escape: starts terminal commands',
  127: 'delete',
  173: 'soft hyphen, invisible',
  8203: 'zero width space',
  8204: 'zero width non-joiner',
  8205: 'zero width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8232: 'line separator',
  8233: 'paragraph separator',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'pop directional formatting',
  8237: 'left-to-right override',
  8238: 'right-to-left override: shows text backwards',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'first strong isolate',
  8297: 'pop directional isolate',
  65279: 'byte order mark, invisible',
};

/**
 * Characters that are not seen, or that move or hide others: controls, formats (among them every bidirectional
 * control), separators other than the space, private use, unassigned, halves of surrogate pairs, variation selectors,
 * and the fillers that print as nothing.
 */
const unseen =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: the combining ones are meant alone, they print as nothing
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\u{34F}\u{115F}\u{1160}\u{17B4}\u{17B5}\u{3164}\u{FFA0}\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]|(?! )\p{Zs}/u;

/**
 * Takes a text that somebody else wrote apart into what is shown as it is and what is shown by its name. Nothing of the
 * text is lost: every character is in exactly one run, in order.
 */
export function visibleRuns(text: string): Run[] {
  const runs: Run[] = [];
  let plain = '';
  for (const character of text) {
    if (!unseen.test(character)) {
      plain += character;
      continue;
    }
    if (plain !== '') runs.push({ kind: 'text', text: plain });
    plain = '';
    const code = character.codePointAt(0)!;
    runs.push({
      kind: 'control',
      text: codePoint(code),
      meaning: names[code] ?? 'a character that is not seen',
    });
  }
  if (plain !== '') runs.push({ kind: 'text', text: plain });
  return runs;
}

/** The same as one string, for titles and labels: a right-to-left override between a and b becomes `a[U+202E]b`. */
export function visibleText(text: string): string {
  return visibleRuns(text)
    .map((run) => (run.kind === 'text' ? run.text : `[${run.text}]`))
    .join('');
}

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
