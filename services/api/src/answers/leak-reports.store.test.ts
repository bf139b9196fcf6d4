import { clickHouseConfig } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import { anApi } from '../testing/an-api.ts';

const start = Date.UTC(2026, 2, 2, 10);

test('leak reports are listed newest first, page by page, those of no known key too', async () => {
  await using under = await anApi(clickHouseConfig());
  await under.store.insert(
    'leak_reports_v1',
    [0, 1, 1, 2].map((minute, n) => ({
      report_id: String(n).repeat(32),
      reported_at: start + minute * 60_000,
      feed: 'github',
      fingerprint: 'f'.repeat(64),
      secret_type: 'lead_service_key',
      place: 'https://github.example/a/b',
      key_id: n === 3 ? '' : `key_${n}`,
      finding_id: n === 3 ? '' : String(n).repeat(32),
    })),
    'leak-reports',
  );
  const keysOf = async (query: string) => {
    const { json } = await under.call('GET', `/v1/leak-reports?${query}`);
    return { keys: json.items.map((one: { key_id: string | null }) => one.key_id), cursor: json.next_cursor };
  };
  const first = await keysOf('limit=3');
  expect(first.keys).toEqual([null, 'key_2', 'key_1']);
  expect((await keysOf(`limit=3&cursor=${encodeURIComponent(first.cursor)}`)).keys).toEqual(['key_0']);
  expect((await keysOf('matched=no')).keys).toEqual([null]);
  expect((await keysOf('matched=yes&limit=10')).keys).toEqual(['key_2', 'key_1', 'key_0']);
});
