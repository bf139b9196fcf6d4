import { createServer } from 'node:http';
import { listen } from '@tripkey/service-kit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { incidentsCommand } from './incidents-command.ts';

/** Runs a command against answers by path, and gives what it printed. */
async function run(answers: Readonly<Record<string, object>>, ...args: string[]): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answers[new URL(request.url!, 'http://api').pathname]));
  });
  await using served = await listen(server, { host: '127.0.0.1', port: 0 });
  vi.stubEnv('TRIPKEY_API_URL', `http://127.0.0.1:${served.port}`);
  vi.stubEnv('TRIPKEY_API_TOKEN', 'made-up');
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true).mockClear();
  const { exitCode } = process;
  onTestFinished(() => {
    printed.mockRestore();
    vi.unstubAllEnvs();
    process.exitCode = exitCode;
  });
  await incidentsCommand().parseAsync(args, { from: 'user' });
  return printed.mock.calls.map(([text]) => String(text)).join('');
}

const incident = {
  ...{
    incident_id: 'inc_1',
    severity: 'high',
    state: 'open',
    sentence: 'A key is busy.',
    response: 'Nothing.',
  },
  ...{ why: [], operations: [] },
};
const entry = { at: '2026-03-02T10:00:00Z', text: 'volume-spike found it again' };

test('a story that is not told from its beginning says so', async () => {
  const story = (next_cursor: string | null) => ({
    '/v1/incidents/inc_1': incident,
    '/v1/incidents/inc_1/timeline': { items: [entry, entry], next_cursor, total: null },
  });
  expect(await run(story('further'), 'show', 'inc_1')).toContain('only the newest 2');
  expect(await run(story(null), 'show', 'inc_1')).not.toContain('only the newest');
});

test('what is refused is told as text, and fails', async () => {
  const refused = {
    command_id: 'cmd_1',
    incident_id: 'inc_1',
    state: 'refused',
    told: 'eve\u001b[2J resolved it.',
  };
  const said = await run({ '/v1/incidents/inc_1/acknowledge': refused }, 'acknowledge', 'inc_1');
  expect(said).toBe('not done: eve·[2J resolved it.\n');
  expect(process.exitCode).toBe(1);
});
