import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '@tripkey/service-kit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { rulesCommand } from './rules-command.ts';

const result = {
  ...{ events: 9_000, findings: 4, incidents: 2, pages_per_week: 0.5, by_rule: [], added: [] },
  missed: [
    { incident_id: 'inc_1', title: 'busy\u001b[2J', opened_at: '2026-03-02T10:00:00Z', resolution: null },
  ],
  ...{ listed_max: 200, missed_total: 1, added_total: 0 },
};

test('trying a rule tells how many a week there would be, and what would be missed', async () => {
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    asked.push([request.method, request.url, JSON.parse((await text(request)) || 'null')]);
    const isDone = request.method === 'GET';
    const answer = {
      backtest_id: 'bt_12345678',
      state: isDone ? 'done' : 'waiting',
      progress: isDone ? 1 : 0,
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...answer, failure: null, result: isDone ? result : null }));
  });
  await using served = await listen(server, { host: '127.0.0.1', port: 0 });
  vi.stubEnv('TRIPKEY_API_URL', `http://127.0.0.1:${served.port}`);
  vi.stubEnv('TRIPKEY_API_TOKEN', 'made-up');
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  onTestFinished(() => {
    printed.mockRestore();
    vi.unstubAllEnvs();
  });
  const span = ['--from', '2026-03-01T00:00:00Z', '--to', '2026-03-29T00:00:00Z'];
  await rulesCommand().parseAsync(['try', 'volume-spike', ...span, '--set', 'zMin=8'], { from: 'user' });
  expect(asked).toEqual([
    [
      'POST',
      '/v1/backtests',
      {
        ...{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-29T00:00:00.000Z' },
        parameters: { 'volume-spike': { zMin: 8 } },
      },
    ],
    ['GET', '/v1/backtests/bt_12345678', null],
  ]);
  const said = String(printed.mock.calls.at(-1)?.[0]);
  expect(said).toContain('2 incidents: 0.5 a week');
  expect(said).toContain('missed 2026-03-02 10:00 inc_1');
  expect(said).not.toContain('\u001b');
});

test('a parameter without a value is not sent', async () => {
  const command = rulesCommand().parseAsync(['try', 'volume-spike', '--set', 'zMin'], { from: 'user' });
  await expect(command).rejects.toThrow(UsageError);
});
