/**
 * No known form has a run of fewer characters between those that can end a word in a path; the shortest is that of
 * Slack's tokens.
 */
const runMin = 15;

const hyphen = 45;
const other = 0;
const wordCharacter = 1;
const separator = 2;
/** After these a secret may go on beyond a slash: base64. */
const openForms = ['whsec', 'glc'];

/** Letters, digits, `-`, `.`, `_`; what ends a word in a path; anything else may stand between a name and its secret. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[\w.-]/.test(character)) return wordCharacter;
  return /[/{}]/.test(character) ? separator : other;
});

/**
 * Whether a text could hold a secret of a known form: a look at its characters, far cheaper than the forms
 * themselves. False is certain, true is not. A property holds it against the forms.
 */
export function mayHoldSecret(text: string): boolean {
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? kinds[code] : other;
    if (kind === other) return true;
    if (kind === separator) run = 0;
    else if (++run >= runMin) return !(text.length === 36 && isUuidAt((at) => text.charCodeAt(at), 0));
    else if (code === 95 && endsInOpenForm(text.slice(i - run + 1, i))) return true;
  }
  return false;
}

/**
 * The same for ASCII as it lies in a message, from one place up to another. Here a UUID between slashes is seen to be
 * harmless, too.
 */
export function mayHoldSecretIn(bytes: Uint8Array, from: number, to: number): boolean {
  let run = 0;
  for (let i = from; i < to; i++) {
    const code = bytes[i]!;
    const kind = kinds[code]!;
    if (kind === other) return true;
    if (kind === separator) run = 0;
    else if (++run >= runMin) {
      const start = i - run + 1;
      if (!isUuidSegment(bytes, start, from, to)) return true;
      i = start + 35;
      run = 0;
    } else if (code === 95 && endsInOpenForm(String.fromCharCode(...bytes.subarray(i - run + 1, i))))
      return true;
  }
  return false;
}

/**
 * Whether ids of the usual makes, in which no known form of secrets fits, are what is there: words of letters and digits
 * with hyphens between them, each of which begins with a digit (ULIDs, counters) or is hexadecimal (trace ids, UUIDs). Of
 * those forms that are one such word only Facebook's begins so: `eaa`.
 */
export function isOrdinaryIdIn(bytes: Uint8Array, from: number, to: number): boolean {
  for (let start = from; start < to; ) {
    let end = start;
    let hex = true;
    for (; end < to && bytes[end] !== hyphen; end++) {
      const code = bytes[end]!;
      if (!isHex(code)) hex = false;
      if (!isDigit(code) && !isLetter(code)) return false;
    }
    const likeFacebook = (bytes[start]! | 32) === 101 /* e */ && (bytes[start + 1]! | 32) === 97; /* a */
    if (end > start && !isDigit(bytes[start]!) && (!hex || likeFacebook)) return false;
    start = end + 1;
  }
  return true;
}

function endsInOpenForm(word: string): boolean {
  return openForms.some((form) => word.toLowerCase().endsWith(form));
}

function isUuidSegment(bytes: Uint8Array, start: number, from: number, to: number): boolean {
  const end = start + 36;
  if (end > to || (end < to && bytes[end] !== 47) || (start > from && bytes[start - 1] !== 47)) return false;
  return isUuidAt((at) => bytes[at]!, start);
}

/** A UUID: 36 characters, hyphens at their four places, else hexadecimal digits. */
function isUuidAt(codeAt: (at: number) => number, start: number): boolean {
  for (let i = 0; i < 36; i++) {
    const code = codeAt(start + i);
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (code !== 45) return false;
    } else if (!isHex(code)) {
      return false;
    }
  }
  return true;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}
