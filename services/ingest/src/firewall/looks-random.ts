const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Random keys of every common alphabet change class about 0.4 times a character; words and names below 0.2. */
const classChangesMin = 0.22;

/** Below this many bits a character a text repeats itself; 32 random hex digits have about 3.6. */
const entropyBitsMin = 3;

/**
 * Whether a token has no structure that a person or a counter would leave: long, with digits among letters, often
 * changing between small letters, capitals and digits. UUIDs are public ids by custom and do not count.
 * @param lettersMin how many letters and digits it needs to be suspected
 */
export function looksRandom(token: string, lettersMin: number): boolean {
  if (token.length < lettersMin) return false;
  const rest = token.includes('-') ? token.replace(uuids, '') : token;
  let characters = 0;
  let digits = 0;
  let changes = 0;
  let last = 0;
  for (let i = 0; i < rest.length; i++) {
    const kind = characterClass(rest.charCodeAt(i));
    if (kind === 0) continue;
    characters++;
    if (kind === 3) digits++;
    // A capital followed by small letters is how words are joined, so that way round does not count.
    if (last !== 0 && kind !== last && !(last === 2 && kind === 1)) changes++;
    last = kind;
  }
  if (characters < lettersMin || digits < 2 || digits === characters) return false;
  return changes / (characters - 1) >= classChangesMin && entropyBits(rest) >= entropyBitsMin;
}

/** 1 small letter, 2 capital, 3 digit, 0 anything else. */
function characterClass(code: number): 0 | 1 | 2 | 3 {
  if (code >= 97 && code <= 122) return 1;
  if (code >= 65 && code <= 90) return 2;
  if (code >= 48 && code <= 57) return 3;
  return 0;
}

/** Shannon entropy of the characters, bits a character. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}
