import { KeyRecord } from '@tripkey/contract';
import { aKey } from '@tripkey/contract/testing';
import { hashSecret } from '@tripkey/service-kit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  aGithubReport,
  LeakDoor,
  leakedSecret,
  signedByGithub,
  strangeSecret,
} from '../testing/leak-door.ts';

let door: LeakDoor;
beforeEach(async () => {
  door = await LeakDoor.open();
});
afterEach(() => door.close());

describe('GitHub', () => {
  test('a reported key becomes a critical finding at once, and GitHub hears that it was one', async () => {
    const answer = await door.fromGithub(aGithubReport(leakedSecret));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual([
      { token_hash: hashSecret(leakedSecret), token_type: 'acme_api_key', label: 'true_positive' },
    ]);
    expect(door.sent).toMatchObject([
      {
        rule_id: 'leak-reported',
        severity: 'critical',
        subject: { kind: 'key', id: 'key_forms_1' },
        key_id: 'key_forms_1',
        evidence: { observed: { reported_by: 'github' } },
      },
    ]);
    expect(door.rows.leak_reports_v1).toMatchObject([{ feed: 'github', key_id: 'key_forms_1' }]);
  });

  test('the same report again has the same answer and no second finding', async () => {
    const [first, second] = [
      await door.fromGithub(aGithubReport(leakedSecret)),
      await door.fromGithub(aGithubReport(leakedSecret)),
    ];
    expect(await second.json()).toEqual(await first.json());
    expect(door.sent).toHaveLength(1);
    expect(door.rows.leak_reports_v1).toHaveLength(1);
    expect(await door.metrics.text()).toContain(
      'tripkey_leak_reports_total{feed="github",result="repeated"} 1',
    );
  });

  test('a secret of no known key is counted and kept, and called false only when that is certain', async () => {
    expect(await (await door.fromGithub(aGithubReport(strangeSecret))).json()).toEqual([]);
    expect(door.rows.leak_reports_v1).toMatchObject([{ key_id: '', finding_id: '' }]);
    expect(door.rows.findings_v1).toBeUndefined();
    door.everySecretKnown = true;
    expect(
      await (await door.fromGithub(aGithubReport(strangeSecret), aGithubReport(leakedSecret))).json(),
    ).toMatchObject([
      { token_hash: hashSecret(strangeSecret), label: 'false_positive' },
      { token_hash: hashSecret(leakedSecret), label: 'true_positive' },
    ]);
    expect(await door.metrics.text()).toContain(
      'tripkey_leak_reports_total{feed="github",result="unmatched"} 1',
    );
  });

  test('a key that is younger than what we know is found', async () => {
    door.late.set(hashSecret(strangeSecret), KeyRecord.parse(aKey({ key_id: 'key_young' })));
    await door.fromGithub(aGithubReport(strangeSecret));
    expect(door.sent).toMatchObject([{ key_id: 'key_young' }]);
  });

  test('a key that was stopped before is a low signal', async () => {
    door.keys.set(hashSecret(leakedSecret), KeyRecord.parse(aKey({ status: 'revoked' })));
    await door.fromGithub(aGithubReport(leakedSecret));
    expect(door.sent).toMatchObject([{ severity: 'low' }]);
  });

  test.each<[string, (headers: Record<string, string>) => Record<string, string>]>([
    ['no signature', ({ 'content-type': type }) => ({ 'content-type': type! })],
    [
      'a key that GitHub does not publish',
      (all) => ({ ...all, 'Github-Public-Key-Identifier': 'a'.repeat(64) }),
    ],
    [
      'a signature over other bytes',
      (all) => ({
        ...all,
        'Github-Public-Key-Signature': signedByGithub('[]')['Github-Public-Key-Signature']!,
      }),
    ],
    ['a signature that is none', (all) => ({ ...all, 'Github-Public-Key-Signature': '%%%' })],
  ])('a request with %s is turned away unread', async (_, change) => {
    const body = JSON.stringify([aGithubReport(leakedSecret)]);
    expect((await door.post('github', body, change(signedByGithub(body)))).status).toBe(401);
    expect(door.rows).toEqual({});
  });

  test('a report that could not be kept is asked for again, and then counts once', async () => {
    door.failures.push('findings_v1');
    const failed = await door.fromGithub(aGithubReport(leakedSecret));
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '30']);
    door.failures.push('leak_reports_v1'); // after the finding was sent
    expect((await door.fromGithub(aGithubReport(leakedSecret))).status).toBe(503);
    expect((await door.fromGithub(aGithubReport(leakedSecret))).status).toBe(200);
    const ids = door.sent.map((finding) => finding.finding_id);
    expect(new Set(ids).size).toBe(1);
    expect(door.logged.join()).not.toContain('acme_live');
  });
});
