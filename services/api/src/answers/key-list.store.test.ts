import { clickHouseIncidentLog, IncidentEvent } from '@tripkey/alerter';
import { type HygieneIssue, hygieneIssues } from '@tripkey/contract/api';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toCursor } from '../http/cursor.ts';
import { type ApiUnderTest, anApi } from '../testing/an-api.ts';

const now = Date.UTC(2026, 2, 10, 12);
const dayMs = 86_400_000;
const ago = (days: number) => new Date(now - days * dayMs).toISOString();
const inDays = (days: number) => ago(-days);

interface Use {
  readonly method?: string;
  readonly route?: string;
  readonly account_id?: string;
  readonly first_accepted_at?: string;
  readonly last_accepted_at?: string;
  readonly last_refused_at?: string;
}
const used = (last_accepted_at: string, more: Use = {}): Use => ({
  ...{ method: 'GET', route: '/v1/leads', first_accepted_at: last_accepted_at, last_accepted_at },
  ...more,
});

/** Keys as an issuer told of them, how they were used, and what is to be said of each. */
const keys: Readonly<
  Record<string, { told?: object; uses?: Use[]; status: string; issues: HygieneIssue[] }>
> = {
  tidy: {
    told: { created_at: ago(200), expires_at: inDays(30), tags: { team: 'growth' } },
    uses: [used(ago(1)), used(ago(2), { method: 'DELETE', route: '//api/v1/contacts/{id}' })],
    ...{ status: 'active', issues: [] },
  },
  never: { told: { created_at: ago(8), expires_at: inDays(30) }, status: 'active', issues: ['never_used'] },
  fresh: { told: { created_at: ago(6), expires_at: inDays(30) }, status: 'active', issues: [] },
  asleep: {
    told: { created_at: ago(80), expires_at: inDays(30), scopes: ['read:leads'] },
    uses: [used(ago(31), { last_refused_at: ago(32) })],
    ...{ status: 'active', issues: ['unused_30_days'] },
  },
  // Letting a scope be is what counts, and for 90 days: a refusal, or an older use, is none.
  broad: {
    told: { created_at: ago(400), owner: '', scopes: ['read:*', 'write:contacts', 'odd'] },
    uses: [
      used(ago(91), { method: 'POST', route: '/v1/contacts' }),
      used(ago(3), { route: '/v2' }),
      { method: 'PUT', route: '/v1/contacts', last_refused_at: ago(1) },
    ],
    ...{ status: 'active', issues: ['unused_scopes', 'rotation_overdue', 'no_expiry', 'no_owner'] },
  },
  stopped: {
    told: { created_at: ago(400), revoked_at: ago(5), status: 'disabled', owner: '' },
    uses: [used(ago(4))],
    ...{ status: 'disabled', issues: ['expired_in_use'] },
  },
  ended: {
    told: { created_at: ago(40), expires_at: ago(2) },
    uses: [used(ago(3), { last_refused_at: ago(1) })],
    ...{ status: 'active', issues: [] },
  },
  // Its issuer told of it as active, and has confirmed to us since that it is disabled.
  stopped_by_us: { told: { created_at: ago(20) }, status: 'disabled', issues: [] },
  strange: {
    uses: [used(ago(2), { account_id: 'acct_strange' })],
    ...{ status: 'unregistered', issues: ['unregistered'] },
  },
};

let under: ApiUnderTest;
beforeAll(async () => {
  const clock = { now: () => now, sleep: async () => {} };
  under = await anApi(clickHouseConfig(), { parts: { clock } });
  const told = Object.entries(keys).flatMap(([key_id, { told }]) =>
    told
      ? [
          { key_id, version: 1, account_id: 'acct_old', owner: 'former@example.com', status: 'active' },
          {
            ...{ key_id, account_id: 'acct_1', app_id: 'crm', name: `the ${key_id} key`, status: 'active' },
            ...{ owner: 'Ödön@example.com', scopes: ['read:leads', 'write:contacts'], tags: {}, version: 2 },
            ...told,
          },
        ]
      : [],
  );
  await under.store.insert('keys_v1', told, 'told');
  const uses = Object.entries(keys).flatMap(([key_id, { uses = [] }]) =>
    uses.map((use) => ({ key_id, account_id: 'acct_1', app_id: 'crm', ...use })),
  );
  await under.store.insert('endpoint_use_v1', uses, 'uses');
  const minutes = Object.keys(keys).flatMap((key_id, n) =>
    [3, 25].map((hours) => ({ key_id, minute: ago(hours / 24), source: 'a/0', requests: n % 4 })),
  );
  await under.store.insert('usage_per_minute_v1', minutes, 'minutes');
  const event = {
    ...{ incident_id: 'inc_stopped_by_us', partition: 0, subject: { kind: 'key', id: 'stopped_by_us' } },
    ...{ operation_id: 'op_made_up_made_up', key_id: 'stopped_by_us' },
  };
  await clickHouseIncidentLog(under.store).append(
    [
      { kind: 'opened', account_id: 'acct_1', app_id: 'crm', severity: 'high', score: 12 },
      { kind: 'operation_proposed', action: 'disable', issuer: '', mode: 'act', reason: 'stolen' },
      { kind: 'operation_state_confirmed', key_state: 'disabled', propagation_ms: 0, request_id: null },
    ].map((body, i) => IncidentEvent.parse({ ...event, ...body, seq: i + 1, at: now - dayMs })),
  );
}, 60_000);
afterAll(() => under[Symbol.asyncDispose]());

const idsOf = async (query: string): Promise<string[]> =>
  (await under.call('GET', `/v1/keys?${query}`)).json.items.map(({ key_id }: { key_id: string }) => key_id);
const those = (keep: (key: (typeof keys)[string]) => boolean) =>
  Object.entries(keys).flatMap(([key_id, key]) => (keep(key) ? [key_id] : []));

test('what is worth tidying up is the same in the list, of one key, and counted over all', async () => {
  const { json: overview } = await under.call('GET', '/v1/overview');
  for (const issue of hygieneIssues) {
    const having = those(({ issues }) => issues.includes(issue));
    expect([issue, (await idsOf(`hygiene=${issue}`)).toSorted()]).toEqual([issue, having.toSorted()]);
    expect(overview.hygiene).toContainEqual(expect.objectContaining({ issue, keys: having.length }));
  }
  for (const [key_id, { status, issues }] of Object.entries(keys)) {
    const { json } = await under.call('GET', `/v1/keys/${key_id}`);
    expect([key_id, json.status, json.hygiene.map((one: { issue: string }) => one.issue)]).toEqual([
      ...[key_id, status],
      issues,
    ]);
  }
  expect(overview.hygiene_as_of).toBe(new Date(now).toISOString());
  expect(overview.traffic.keys).toBe(Object.keys(keys).length);
  const { json: broad } = await under.call('GET', '/v1/keys/broad');
  expect(broad.hygiene[0].advice).toContain('They are: write:contacts, odd.');
});

test.each(['key_id', 'last_used_at', 'created_at', 'requests_24h'])(
  'pages of keys by %s hold every key once, in order, and the first says how many there are',
  async (sort) => {
    const seen: string[] = [];
    const sorted: unknown[] = [];
    let cursor = '';
    do {
      const { json } = await under.call('GET', `/v1/keys?sort=${sort}&order=asc&limit=2${cursor}`);
      expect(json.total).toBe(cursor === '' ? Object.keys(keys).length : null);
      seen.push(...json.items.map(({ key_id }: { key_id: string }) => key_id));
      sorted.push(...json.items.map((one: Record<string, unknown>) => one[sort] ?? ''));
      cursor = json.next_cursor === null ? '' : `&cursor=${encodeURIComponent(json.next_cursor)}`;
    } while (cursor !== '');
    expect(seen.toSorted()).toEqual(Object.keys(keys).toSorted());
    expect(sorted).toEqual(sorted.toSorted());
    expect((await idsOf(`sort=${sort}&order=desc`)).toReversed()).toEqual(seen);
  },
);

test.each([
  ['keys', 'key_id', ['key_id desc', 0, 'tidy']],
  ['incidents', 'opened_at', ['opened_at desc', 1, 'inc_1']],
  ['endpoints', 'requests', ['requests desc', 1, 'GET /v1', 0, 1]],
])(
  'a place in %s that is of another order is a bad request, not the first page',
  async (list, sort, place) => {
    const page = (order: string) =>
      under.call('GET', `/v1/${list}?sort=${sort}&order=${order}&cursor=${toCursor(place)}`);
    expect((await page('desc')).status).toBe(200);
    const { status, json } = await page('asc');
    expect([status, json.code]).toEqual([400, 'api.bad_request']);
  },
);

test.each([
  ['q=str', ['strange']],
  ['q=eep', ['asleep']],
  ['q=THE%20T', ['tidy']],
  ['q=%C3%B6d%C3%B6n', those(({ told }) => told !== undefined && !('owner' in told))],
  ['q=former', []],
  ['q=acct_str', ['strange']],
  ['q=team:gro', ['tidy']],
  ['status=disabled&status=unregistered', ['stopped', 'stopped_by_us', 'strange']],
  ['account_id=acct_strange', ['strange']],
  ['account_id=acct_old', []],
  ['app_id=crm&status=active&hygiene=no_owner', ['broad']],
  ['tag=team', ['tidy']],
  ['tag=team:growth', ['tidy']],
  ['tag=team:sales', []],
])('keys are found by %s', async (query, found) => {
  const { json } = await under.call('GET', `/v1/keys?${query}&sort=key_id&order=asc`);
  expect(json.items.map(({ key_id }: { key_id: string }) => key_id)).toEqual(found.toSorted());
  expect(json.total).toBe(found.length);
});

test('what waits is told on every page as the overview tells it', async () => {
  const { json: overview } = await under.call('GET', '/v1/overview');
  const { json: status } = await under.call('GET', '/v1/status');
  expect(status).toMatchObject({
    incidents_unattended: overview.needs_me.incidents_total,
    incidents_critical: overview.incidents.critical,
    operations_waiting: overview.needs_me.operations_total,
    kill_switch: { on: false },
    pipeline: { healthy: overview.pipeline.healthy, faults: overview.pipeline.faults },
  });
  const body = { on: true, reason: 'a test' };
  await under.call('POST', '/v1/policy/kill-switch', { body });
  const { json: then } = await under.call('GET', '/v1/status');
  expect(then.kill_switch).toMatchObject(body);
});
