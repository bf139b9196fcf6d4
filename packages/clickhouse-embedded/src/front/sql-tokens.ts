/** A significant piece of SQL text: comments and white space are left out. */
export interface Token {
  readonly kind: 'word' | 'string' | 'quoted' | 'mark';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Brackets that are open around it; an opening bracket itself still counts as outside. */
  readonly depth: number;
}

const pattern = new RegExp(
  [
    /(?<skip>\s+|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?(?:\*\/|$))/u,
    /(?<string>'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*(?:'|$)|\u2018[^\u2019]*(?:\u2019|$)|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$)/u,
    /(?<quoted>"[^"\\]*(?:(?:\\[\s\S]|"")[^"\\]*)*(?:"|$)|`[^`\\]*(?:(?:\\[\s\S]|``)[^`\\]*)*(?:`|$)|\u201c[^\u201d]*(?:\u201d|$))/u,
    /(?<word>[\p{L}\p{N}_$]+)/u,
    /(?<mark>[\s\S])/u,
  ]
    .map((part) => part.source)
    .join('|'),
  'uy',
);

/**
 * Cuts SQL into tokens by the engine's lexical rules (quotes of all kinds, heredocs, comments). It never fails: what it
 * does not know is a mark. It decides where the data of an INSERT begins and which output format is asked for; whether
 * the SQL is right, and that it is one statement, is the engine's parser's business.
 */
export function* tokens(sql: string): Generator<Token, void, undefined> {
  const scanner = new RegExp(pattern);
  let depth = 0;
  while (scanner.lastIndex < sql.length) {
    const start = scanner.lastIndex;
    const found = scanner.exec(sql);
    if (found === null) return;
    const groups = found.groups ?? {};
    if (groups.skip !== undefined) continue;
    const text = found[0];
    const end = start + text.length;
    if (groups.string !== undefined) yield { kind: 'string', text, start, end, depth };
    else if (groups.quoted !== undefined) yield { kind: 'quoted', text, start, end, depth };
    else if (groups.word !== undefined) yield { kind: 'word', text, start, end, depth };
    else {
      if (')]}'.includes(text)) depth = Math.max(0, depth - 1);
      yield { kind: 'mark', text, start, end, depth };
      if ('([{'.includes(text)) depth++;
    }
  }
}
