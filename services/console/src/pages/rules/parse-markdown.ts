/** A part of a rule's page. The pages are ours and use little of Markdown; what is not known stays as text. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

/** Takes a page apart. */
export function parseMarkdown(markdown: string): Block[] {
  const blocks: Block[] = [];
  const lines = markdown.replaceAll('\r\n', '\n').split('\n');
  let at = 0;
  const take = (fits: (line: string) => boolean) => {
    const taken: string[] = [];
    while (at < lines.length && fits(lines[at]!)) taken.push(lines[at++]!);
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at]!;
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === '') at++;
    else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]!.length, text: heading[2]! });
      at++;
    } else if (line.startsWith('```')) {
      at++;
      blocks.push({ kind: 'code', text: take((next) => !next.startsWith('```')).join('\n') });
      at++;
    } else if (line.startsWith('|')) {
      const [head = [], ...rows] = take((next) => next.startsWith('|')).map(cells);
      blocks.push({
        kind: 'table',
        head,
        rows: rows.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell))),
      });
    } else if (item.test(line)) {
      const ordered = /^\d/.test(line);
      const items: string[] = [];
      for (const next of take((one) => item.test(one) || /^\s+\S/.test(one))) {
        if (item.test(next)) items.push(next.replace(item, ''));
        else items[items.length - 1] += ` ${next.trim()}`;
      }
      blocks.push({ kind: 'list', ordered, items });
    } else {
      const text = take((next) => next.trim() !== '' && !/^(#{1,6}\s|```|\|)/.test(next) && !item.test(next));
      blocks.push({ kind: 'paragraph', text: text.map((one) => one.trim()).join(' ') });
    }
  }
  return blocks;
}

const item = /^(?:[-*]|\d+\.)\s+/;

function cells(row: string): string[] {
  return row
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}

export interface Span {
  readonly kind: 'text' | 'code' | 'strong' | 'emphasis';
  readonly text: string;
}

/** A line with its `code`, **strong** and _emphasised_ parts; of a link, its text is kept. */
export function parseSpans(text: string): Span[] {
  const spans: Span[] = [];
  const shapes = /`([^`]+)`|\*\*([^*]+)\*\*|\b_([^_]+)_\b|\*([^*]+)\*|\[([^\]]+)\]\([^)]*\)/g;
  let from = 0;
  for (const match of text.matchAll(shapes)) {
    if (match.index > from) spans.push({ kind: 'text', text: text.slice(from, match.index) });
    const [, code, strong, underlined, starred, link] = match;
    if (code !== undefined) spans.push({ kind: 'code', text: code });
    else if (strong !== undefined) spans.push({ kind: 'strong', text: strong });
    else if (link !== undefined) spans.push({ kind: 'text', text: link });
    else spans.push({ kind: 'emphasis', text: (underlined ?? starred)! });
    from = match.index + match[0].length;
  }
  if (from < text.length) spans.push({ kind: 'text', text: text.slice(from) });
  return spans;
}
