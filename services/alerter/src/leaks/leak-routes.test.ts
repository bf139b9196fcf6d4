import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  aGithubReport,
  LeakDoor,
  leakedSecret,
  signedByGitGuardian,
  signedByGithub,
  strangeSecret,
  trufflehogHeaders,
} from '../testing/leak-door.ts';

let door: LeakDoor;
beforeEach(async () => {
  door = await LeakDoor.open();
});
afterEach(() => door.close());

test('the secret is kept, said and counted nowhere, whatever the feed writes around it', async () => {
  const inPlaces = {
    url: `https://github.com/octo/${leakedSecret}/blob/x?key=${leakedSecret}`,
    type: `type ${encodeURIComponent(strangeSecret)} ${leakedSecret}`,
  };
  const answer = await door.fromGithub(
    aGithubReport(leakedSecret, inPlaces),
    aGithubReport(strangeSecret, { url: `see ${leakedSecret}` }),
  );
  const all = `${await answer.text()}${await door.everything()}`;
  expect(all).not.toContain(leakedSecret);
  expect(all).not.toContain(strangeSecret);
  expect(all).toContain('[secret]');
});

test.each([
  ['a body that is too large', Buffer.alloc(5 * 2 ** 20, 'x'), {}, 413],
  ['a packed body', Buffer.from('x'), { 'content-encoding': 'gzip' }, 415],
])('%s is turned away', async (_, body, headers, status) => {
  const answer = await door.post('github', body, { ...signedByGithub(body), ...headers });
  expect(answer.status).toBe(status);
  expect(door.rows).toEqual({});
});

test('uploads that never end keep nobody out', async () => {
  const slow = [];
  for (let i = 0; i < 20; i++) slow.push(await door.beginPost('github'));
  expect((await door.fromGithub(aGithubReport(leakedSecret))).status).toBe(200);
  // All but those that have a place were told, and closed.
  const told = slow.slice(0, 13).map(({ answer }) => answer);
  for (const answer of await Promise.all(told)) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(await door.metrics.text()).toMatch(/leak_requests_total\{feed="github",result="too_slow"\} 13/);
  for (const { end } of slow) end();
});

test('more reports than a thousand in one request are refused whole', async () => {
  const answer = await door.fromGithub(
    ...Array.from({ length: 1_001 }, (_, i) => aGithubReport(`${leakedSecret}${i}`)),
  );
  expect(answer.status).toBe(400);
  expect(door.rows).toEqual({});
});

test('a feed that is not set up has no door', async () => {
  expect((await door.post('elsewhere', '[]', {})).status).toBe(404);
});

test('no bytes, signed or not, break the door or get a secret out of it', async () => {
  const json = fc.json({ maxDepth: 3 });
  const like = fc.record({
    token: fc.oneof(fc.constant(leakedSecret), fc.string()),
    type: fc.string(),
    url: fc.oneof(fc.webUrl(), fc.string()),
    Raw: fc.oneof(fc.constant(leakedSecret), fc.string(), fc.integer()),
    SourceMetadata: fc.anything(),
    incident: fc.anything(),
  });
  const body = fc.oneof(
    json,
    fc.array(like, { maxLength: 4 }).map((reports) => JSON.stringify(reports)),
    like.map((one) => JSON.stringify(one)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('github', 'gitguardian', 'trufflehog'), body, async (feed, sent) => {
      const answer = await door.post(feed, sent, {
        ...signedByGithub(sent),
        ...signedByGitGuardian(sent, door.clock.now()),
        ...trufflehogHeaders,
      });
      expect([200, 400]).toContain(answer.status);
      expect(await answer.text()).not.toContain(leakedSecret);
    }),
    { numRuns: 200 },
  );
  expect(await door.everything()).not.toContain(leakedSecret);
});
