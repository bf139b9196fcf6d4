/**
 * What stands behind `?` in the console's addresses: plain words that people can read, write and send. A list is one
 * parameter with commas; a comma or a backslash inside a value is escaped by a backslash. Values are strings here; a page's schema
 * makes numbers of them.
 */
export type Search = Readonly<Record<string, string | readonly string[]>>;

/** Reads `?a=1&b=x,y`. A parameter with an unescaped comma is a list. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const parts = split(value);
    found[name] = parts.length === 1 ? parts[0]! : parts;
  }
  return found;
}

/** Writes it; what is undefined, empty or an empty list is left out. The sort of parameters is theirs. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const params: string[] = [];
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '') continue;
    const texts = (Array.isArray(value) ? value : [value]).map(String).filter((text) => text !== '');
    if (texts.length === 0) continue;
    const joined = texts.map((text) => text.replace(/[\\,]/g, '\\$&')).join(',');
    params.push(`${encode(name)}=${encode(joined)}`);
  }
  return params.length === 0 ? '' : `?${params.join('&')}`;
}

function split(value: string): string[] {
  const parts = [''];
  for (let at = 0; at < value.length; at++) {
    const character = value[at]!;
    if (character === ',') parts.push('');
    else if (character === '\\' && at + 1 < value.length) parts[parts.length - 1] += value[++at]!;
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** As URLs need it, but what is harmless and read by people (`/`, `:`, `,`, `{`) stays. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/%(2F|3A|2C|20)/g, (code) =>
    code === '%20' ? '+' : decodeURIComponent(code),
  );
}
