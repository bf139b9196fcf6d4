import { clickHouseConfig } from '@tripkey/test/harness';
import { expect, test } from 'vitest';
import { anApi } from '../testing/an-api.ts';

const now = Date.UTC(2026, 2, 10, 12);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Request {
  readonly ts: number;
  readonly route?: string;
  readonly network?: string;
  readonly status?: number;
  readonly agent?: string;
}

test('activity tells each endpoint, network, agent and status of the span, and which were not used before it', async () => {
  await using under = await anApi(clickHouseConfig(), {
    parts: { clock: { now: () => now, sleep: async () => {} } },
  });
  const requests: Request[] = [
    { ts: now - 20 * dayMs, route: '/v1/deals' },
    { ts: now - 3 * dayMs },
    { ts: now - 3 * hourMs },
    { ts: now - 2 * hourMs },
    { ts: now - hourMs, route: '/v1/deals', network: '198.51.100.0/24', status: 403, agent: 'curl' },
  ];
  await under.store.insert(
    'requests_raw_v1',
    requests.map(
      ({ ts, route = '/v1/leads', network = '203.0.113.0/24', status = 200, agent = 'sync' }, n) => ({
        ...{ ts, key_id: 'key_1', event_id: `e${n}`, method: 'GET', route, path: route, status, network },
        ...{ outcome: status === 200 ? 'valid' : 'forbidden', agent_family: agent, user_agent: `${agent}/1` },
        ...{ asn: 64_500, country: 'DE', arrived_at: ts, _topic: 't', _partition: 0, _offset: n, _idx: 0 },
      }),
    ),
    'requests',
  );
  const { json } = await under.call('GET', '/v1/keys/key_1/activity');
  const told = (rows: Record<string, unknown>[], name: string) =>
    rows.map((row) => [row[name], row.requests, row.denied, row.is_new]);
  expect(told(json.endpoints, 'route')).toEqual([
    ['/v1/leads', 2, 0, false],
    ['/v1/deals', 1, 1, true],
  ]);
  expect(told(json.networks, 'network')).toEqual([
    ['203.0.113.0/24', 2, 0, false],
    ['198.51.100.0/24', 1, 1, true],
  ]);
  expect(told(json.agents, 'agent_family')).toEqual([
    ['sync', 2, 0, false],
    ['curl', 1, 1, true],
  ]);
  expect(
    json.statuses.map((row: { status: number; requests: number }) => [row.status, row.requests]),
  ).toEqual([
    [200, 2],
    [403, 1],
  ]);
  expect(json.agents[1]).toMatchObject({
    sample: 'curl/1',
    share: 1 / 3,
    first_at: new Date(now - hourMs).toISOString(),
  });
});
