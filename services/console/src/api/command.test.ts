import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { command } from './command.ts';

const answers: (() => Promise<Response>)[] = [];
const result = (state: string) => async () =>
  Response.json({ command_id: 'cmd_1', incident_id: 'inc_1', kind: 'acknowledge', state, told: null });
const unreachable = async (): Promise<Response> => {
  throw new TypeError('Failed to fetch');
};

beforeEach(() => {
  vi.useFakeTimers();
  answers.length = 0;
  vi.stubGlobal('fetch', () => (answers.length > 1 ? answers.shift()! : answers[0]!)());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function ended(work: Promise<unknown>): Promise<unknown> {
  const settled = work.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(30_000);
  return await settled;
}

test('a break of the connection while the answer is awaited does not make undone what was taken down', async () => {
  answers.push(result('waiting'), unreachable, result('done'));
  expect(await ended(command('inc_1', { do: 'acknowledge' }))).toMatchObject({ state: 'done' });
});

test('what was taken down and is not answered for is waiting, also when nobody can be asked any more', async () => {
  answers.push(result('waiting'), unreachable);
  expect(await ended(command('inc_1', { do: 'acknowledge' }))).toMatchObject({ state: 'waiting' });
});

test('what was not even taken down is a fault', async () => {
  answers.push(unreachable);
  expect(await ended(command('inc_1', { do: 'acknowledge' }))).toMatchObject({
    problem: { code: 'console.unreachable' },
  });
});
