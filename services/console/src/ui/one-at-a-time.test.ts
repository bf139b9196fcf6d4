import { expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

test('a second press while the first is being done makes no second token', async () => {
  const made: string[] = [];
  const answers: (() => void)[] = [];
  const make = oneAtATime(async (name: string) => {
    made.push(name);
    await new Promise<void>((resolve) => answers.push(resolve));
  });
  const first = make('grafana');
  await make('grafana');
  expect(made).toEqual(['grafana']);
  answers.pop()!();
  await first;
  const second = make('splunk');
  expect(made).toEqual(['grafana', 'splunk']);
  answers.pop()!();
  await second;
});

test('what failed may be tried again', async () => {
  let tries = 0;
  const ask = oneAtATime(async () => {
    if (tries++ === 0) throw new Error('not taken');
    return 'taken';
  });
  await expect(ask()).rejects.toThrow('not taken');
  expect(await ask()).toBe('taken');
});
