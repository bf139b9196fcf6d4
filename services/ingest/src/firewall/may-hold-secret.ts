/**
 * No known form has a run of fewer characters between those that can end a word in a path; the shortest is that of
 * Slack's tokens.
 */
const runMin = 15;

/**
 * Whether a text could hold a secret of a known form: a look at its characters, far cheaper than the forms
 * themselves. False is certain, true is not. A property holds it against the forms.
 */
export function mayHoldSecret(text: string): boolean {
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isWordCharacter(code)) {
      if (++run >= runMin) return !isUuid(text);
    } else if (code === 47 /* / */ || code === 123 /* { */ || code === 125 /* } */) {
      run = 0;
    } else {
      // Anything else may stand between a name and its secret, as in `token=…`.
      return true;
    }
  }
  return false;
}

/** Letters, digits, `-`, `.`, `_`. */
function isWordCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 45 ||
    code === 46 ||
    code === 95
  );
}

/** A UUID alone: 36 characters, hyphens at their four places, else hexadecimal digits. */
function isUuid(text: string): boolean {
  if (text.length !== 36) return false;
  for (let i = 0; i < 36; i++) {
    const code = text.charCodeAt(i);
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (code !== 45) return false;
    } else if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70))) {
      return false;
    }
  }
  return true;
}
