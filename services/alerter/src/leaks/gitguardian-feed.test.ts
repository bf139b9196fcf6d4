import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hmslHash, LeakDoor, signedByGitGuardian } from '../testing/leak-door.ts';

let door: LeakDoor;
beforeEach(async () => {
  door = await LeakDoor.open();
});
afterEach(() => door.close());

describe('GitGuardian', () => {
  const event = (incident: object | null, action = 'incident_triggered') =>
    JSON.stringify({ source: 'GitGuardian', action, incident });
  const incident = (changes: object = {}) => ({
    id: 3_827_964,
    detector: { name: 'acme_key' },
    hmsl_hash: hmslHash,
    status: 'triggered',
    gitguardian_url: 'https://dashboard.gitguardian.example/workspace/1/incidents/7',
    ...changes,
  });
  const signed = (body: string, at = door.clock.now()) => signedByGitGuardian(body, at);

  test('an incident finds its key by the hash that GitGuardian gives', async () => {
    const body = event(incident());
    const answer = await door.post('gitguardian', body, signed(body));
    expect(await answer.json()).toEqual({ reports: 1, matched: 1 });
    expect(door.sent).toMatchObject([{ key_id: 'key_forms_1', severity: 'critical' }]);
  });

  test.each([
    ['about no incident', event(null, 'ping')],
    ['about one that somebody resolved', event(incident({ status: 'resolved' }))],
    ['without the hash', event(incident({ hmsl_hash: null }))],
  ])('an event %s reports nothing', async (_, body) => {
    expect(await (await door.post('gitguardian', body, signed(body))).json()).toEqual({
      reports: 0,
      matched: 0,
    });
    expect(door.rows).toEqual({});
  });

  test.each([-6, 6])('a request of %i minutes away is turned away', async (minutes) => {
    const body = event(incident());
    const answer = await door.post('gitguardian', body, signed(body, door.clock.now() + minutes * 60_000));
    expect(answer.status).toBe(401);
    expect(door.rows).toEqual({});
  });

  test('another body under a signature is turned away', async () => {
    const answer = await door.post('gitguardian', event(incident()), signed(event(null)));
    expect(answer.status).toBe(401);
  });
});
