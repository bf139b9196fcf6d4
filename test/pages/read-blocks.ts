import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../architecture/workspaces.ts';

/** A block of code on a page, as its reader copies it. */
export interface Block {
  /** What the fence says (`sh`, `js`, …); empty: something to look at, not to run. */
  readonly language: string;
  readonly text: string;
  /** Where it is, such as `README.md:31`. */
  readonly at: string;
}

/** The fenced blocks of a Markdown page, in order. @throws when a fence is not closed */
export function readBlocks(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; line: number; text: string[] } | null = null;
  for (const [index, line] of readFileSync(join(root, page), 'utf8').split('\n').entries()) {
    const fence = /^```(\w*)$/.exec(line);
    if (!fence) open?.text.push(line);
    else if (open) {
      blocks.push({ language: open.language, text: open.text.join('\n'), at: `${page}:${open.line}` });
      open = null;
    } else open = { language: fence[1]!, line: index + 2, text: [] };
  }
  if (open) throw new Error(`${page}:${open.line}: this block has no end`);
  return blocks;
}

/** The first line of every block that is indented instead of fenced: nobody would run those. */
export function indentedBlocks(page: string): string[] {
  return [...readFileSync(join(root, page), 'utf8').matchAll(/\n\n {4}(\S.*)/g)].map((match) => match[1]!);
}
