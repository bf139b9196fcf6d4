import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePorts } from '../harness/index.ts';
import { freshCopy } from '../pages/fresh-copy.ts';
import { indentedBlocks, readBlocks } from '../pages/read-blocks.ts';
import { type LastingCommand, openTerminal, type Terminal } from '../pages/terminal.ts';

// Every block of README.md and of the quickstart, in the order of the page, in a copy of the repository.

/** How a block is tried, found by how it begins. */
type Try = { readonly begins: string } & (
  | { readonly prints: string; readonly firstTerminalPrints?: string }
  /** Runs on to the end of the page, or of all pages until it has printed `atLast`; prints `stops` after Ctrl-C. */
  | { readonly lasts: string; readonly atLast?: string; readonly stops: string }
  | { readonly isFile: string }
  | { readonly notRun: string }
);

const pages: Record<string, readonly Try[]> = {
  'README.md': [
    {
      ...{ begins: 'npm start', lasts: 'Console: ' },
      ...{ atLast: 'The stop is PROVEN by the traffic.', stops: 'Stopped.' },
    },
    { begins: 'npm start -- --no-demo', lasts: 'Console: ', stops: 'Stopped.' },
    { begins: 'curl', prints: '"accepted":1' },
    { begins: 'npx tripkey simulate', prints: 'incidents from' },
    { begins: 'npm test', notRun: 'it is what runs this' },
    { begins: 'docker compose up', notRun: 'needs Docker; infra/check-compose.test.ts examines the file' },
  ],
  'docs/quickstart.md': [
    { begins: 'npm start -- --no-demo', lasts: 'Console: ', stops: 'Stopped.' },
    { begins: 'export TOKEN', prints: '' },
    { begins: 'cat > keys.ndjson', prints: '2 keys' },
    { begins: 'curl', prints: '"accepted":1' },
    { begins: 'import { createEmitter', isFile: 'api.mjs' },
    { begins: 'npx node api.mjs', lasts: 'listening', stops: '' },
    { begins: 'curl -sS -X POST http://127.0.0.1:', prints: '{"id":1}' },
    {
      ...{ begins: 'curl', prints: '"accepted":1' },
      firstTerminalPrints: 'A key that was stopped is still in use',
    },
    { begins: 'export TRIPKEY_API_TOKEN', prints: 'key_old_crm' },
    { begins: 'npx tripkey doctor', prints: 'Everything works.' },
  ],
};

type Lasting = { readonly how: Extract<Try, { lasts: string }>; readonly command: LastingCommand };

const copy = freshCopy();
const toTheEnd: Lasting[] = [];
const terminals: Terminal[] = [];
afterAll(async () => {
  for (const terminal of terminals) await terminal[Symbol.asyncDispose]();
  copy[Symbol.dispose]();
});

describe.each(Object.entries(pages))('%s', (page, tries) => {
  const blocks = readBlocks(page).filter(({ language }) => language !== '');
  const lasting: Lasting[] = [];
  /** What was printed by what runs on: the reader looks there for token and addresses. */
  let printed = '';
  let ports: readonly number[];
  let terminal: Terminal;

  beforeAll(async () => {
    // The reader of another page begins anew; the demo has a folder of its own beside these.
    for (const kept of ['clickhouse', 'installation.json'])
      rmSync(join(copy.folder, 'data', kept), { recursive: true, force: true });
    ports = await freePorts(2);
    terminal = openTerminal(copy.folder, { ...process.env, TRIPKEY_API_URL: `http://127.0.0.1:${ports[0]}` });
    terminals.push(terminal);
  });

  /** A block with the ports of this test, and with what the reader saw in place of what the page leaves out. */
  function asTyped(text: string): string {
    const token = /tripkey_emit_[\w-]+/.exec(printed)?.[0] ?? '';
    const clickhouse = /TRIPKEY_CLICKHOUSE__URL=(\S+)/.exec(printed)?.[1] ?? '';
    return text
      .replace(/^npm start$/, 'npm start -- --port 0')
      .replace(/^npm start -- --no-demo$/, `npm start -- --no-demo --port ${ports[0]}`)
      .replace(/^(export TOKEN)=.*…$/m, `$1=${token}`)
      .replace(/^(export TRIPKEY_CLICKHOUSE__URL)=.*…$/m, `$1=${clickhouse}`)
      .replaceAll('$TOKEN', token)
      .replaceAll(/(?<=127\.0\.0\.1:|listen\()(8080|3000)/g, (port) => `${ports[port === '8080' ? 0 : 1]}`);
  }

  test('has its commands in fences, and every block is tried here', () => {
    expect(indentedBlocks(page)).toEqual([]);
    expect(blocks.map(({ text }) => text.split('\n')[0])).toEqual(
      tries.map(({ begins }) => expect.stringMatching(new RegExp(`^${RegExp.escape(begins)}`))),
    );
  });

  for (const [index, how] of tries.entries()) {
    const { text = '', at = '' } = blocks[index] ?? {};
    if ('notRun' in how) {
      test(`${at} is not run: ${how.notRun}`, () => {});
      continue;
    }
    test(`${at} does what the page says: ${how.begins}`, async () => {
      if ('isFile' in how) writeFileSync(join(copy.folder, how.isFile), asTyped(text));
      else if ('lasts' in how) {
        const command = terminal.start(asTyped(text));
        (how.atLast ? toTheEnd : lasting).push({ how, command });
        printed += await command.until(how.lasts);
      } else {
        expect(await terminal.run(asTyped(text))).toContain(how.prints);
        if (how.firstTerminalPrints) await lasting[0]!.command.until(how.firstTerminalPrints);
      }
    });
  }

  test('what was started ends with Ctrl-C', async () => {
    for (const { how, command } of lasting.toReversed())
      expect(await command.interrupt()).toContain(how.stops);
  });
});

test('what was started for longer does its work, and ends with Ctrl-C', async () => {
  for (const { how, command } of toTheEnd) {
    if (how.atLast) await command.until(how.atLast);
    expect(await command.interrupt()).toContain(how.stops);
  }
});
