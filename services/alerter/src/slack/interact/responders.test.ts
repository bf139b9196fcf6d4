import { ManualClock, silentLogger } from '@tripkey/service-kit/testing';
import { expect, test, vi } from 'vitest';
import { Responders } from './responders.ts';

function responders() {
  const clock = new ManualClock();
  const readMembers = vi.fn(async (group: string): Promise<string[]> => (group === 'S1' ? ['U1', 'U2'] : []));
  const people = new Responders({
    ...{ named: ['U0'], groups: ['S1', 'S2'], readMembers, clock, log: silentLogger },
  });
  return { clock, readMembers, people };
}

test('members of a group may act, others may not; Slack is asked once a minute', async () => {
  const { clock, readMembers, people } = responders();
  const may = async (...users: string[]) => Promise.all(users.map((user) => people.has(user)));
  expect(await may('U0', 'U1', 'U2', 'U3')).toEqual([true, true, true, false]);
  expect(readMembers).toHaveBeenCalledTimes(2);
  readMembers.mockImplementation(async () => ['U3']);
  expect(await may('U1', 'U3')).toEqual([true, false]);
  await clock.advance(60_000);
  expect(await may('U1', 'U3')).toEqual([false, true]);
});

test('while Slack does not answer those count who were known last, for an hour', async () => {
  const { clock, readMembers, people } = responders();
  expect(await people.has('U1')).toBe(true);
  readMembers.mockRejectedValue(new Error('no answer'));
  await clock.advance(59 * 60_000);
  expect(await people.has('U1')).toBe(true);
  await clock.advance(60_000);
  expect(await people.has('U1')).toBe(false);
  expect(await people.has('U0')).toBe(true);
});
