import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPolicy } from '@tripkey/alerter';
import { completionWords, createProgram } from '@tripkey/cli';
import { ruleGroups } from '@tripkey/rules';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { filesBelow, root } from '../architecture/workspaces.ts';
import { readBlocks } from './read-blocks.ts';

// What pages tell people to type and to write into files, against what this release understands.

const words = completionWords(createProgram());
const pages = filesBelow('.').filter((path) => path.endsWith('.md') && !path.startsWith('changes/'));

/** The calls of `tripkey` on a page: in blocks, and in text between backquotes. */
function callsOn(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replaceAll('\\\n', ' ');
  const typed = [
    ...text.matchAll(/^\s*(?:npx )?(tripkey [^\n|>#]*)/gm),
    ...text.matchAll(/`(?:npx )?(tripkey [^`|>]*)`/g),
  ];
  return typed.map((match) => match[1]!.replaceAll(/"[^"]*"/g, 'TEXT').trim());
}

/** What of a call this release does not know; null when it knows all. Options may be from any level above. */
function unknownIn(call: string): string | null {
  const [, ...parts] = call.split(/\s+/);
  let path = 'tripkey';
  for (const part of parts) {
    const known = words.get(path)!;
    if (part.startsWith('--')) {
      if (!known.includes(part.split('=')[0]!)) return part;
    } else if (words.has(`${path} ${part}`)) path += ` ${part}`;
    else if (known.some((word) => !word.startsWith('--')) && /^[a-z-]+$/.test(part)) return part;
  }
  return null;
}

test('calls are told apart from what is no call', () => {
  expect(unknownIn('tripkey incidents list --state open')).toBeNull();
  expect(unknownIn('tripkey incidents lst')).toBe('lst');
  expect(unknownIn('tripkey migrate --now')).toBe('--now');
});

describe.each(pages)('%s', (page) => {
  test('calls commands that exist, with options that they have', () => {
    expect(callsOn(page).filter((call) => unknownIn(call) !== null)).toEqual([]);
  });

  test('shows JSON and YAML that can be read', () => {
    for (const { language, text, at } of readBlocks(page)) {
      if (language === 'json') expect(() => JSON.parse(text), at).not.toThrow();
      if (language === 'yaml' || language === 'yml')
        expect(
          parseAllDocuments(text).flatMap((document) => document.errors),
          at,
        ).toEqual([]);
    }
  });
});

test.each(readBlocks('docs/guides/policy.md').filter(({ language }) => language === 'yaml'))(
  'the policy at $at can be used, and means what it says',
  ({ text }) => {
    const { faults, warnings } = checkPolicy(parse(text).response, new Set(ruleGroups.keys()));
    expect({ faults, warnings }).toEqual({ faults: [], warnings: [] });
  },
);
