import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LeakDoor, leakedSecret, strangeSecret, trufflehogHeaders } from '../testing/leak-door.ts';

let door: LeakDoor;
beforeEach(async () => {
  door = await LeakDoor.open();
});
afterEach(() => door.close());

describe('TruffleHog', () => {
  const finding = (raw: string, link = 'https://git.example/octo/leaky/blob/1/app.env#L3') => ({
    SourceMetadata: { Data: { Github: { link, repository: 'octo/leaky' } } },
    DetectorName: 'Acme',
    Verified: true,
    Raw: raw,
    RawV2: '',
    Redacted: 'acme…',
  });

  test.each([
    [
      'a finding a line',
      `${JSON.stringify(finding(leakedSecret))}\n${JSON.stringify(finding(strangeSecret))}\n`,
    ],
    ['an array', JSON.stringify([finding(leakedSecret), finding(strangeSecret)])],
  ])('its output is taken as %s', async (_, body) => {
    expect(await (await door.post('trufflehog', body, trufflehogHeaders)).json()).toEqual({
      reports: 2,
      matched: 1,
    });
    expect(door.rows.leak_reports_v1).toMatchObject([
      { key_id: 'key_forms_1', place: 'https://git.example/octo/leaky/blob/1/app.env', secret_type: 'Acme' },
      { key_id: '' },
    ]);
  });

  test('the second spelling of a secret finds its key', async () => {
    const body = JSON.stringify({ ...finding(strangeSecret), RawV2: leakedSecret });
    expect(await (await door.post('trufflehog', body, trufflehogHeaders)).json()).toEqual({
      reports: 1,
      matched: 1,
    });
  });

  test.each([{}, { authorization: 'Bearer another' }])('another token is turned away', async (headers) => {
    expect((await door.post('trufflehog', JSON.stringify(finding(leakedSecret)), headers)).status).toBe(401);
    expect(door.rows).toEqual({});
  });
});
