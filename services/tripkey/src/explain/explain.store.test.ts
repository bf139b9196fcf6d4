import type { Finding } from '@tripkey/contract';
import { aKey } from '@tripkey/contract/testing';
import { type Activity, Engine } from '@tripkey/detector';
import { keyRules } from '@tripkey/rules';
import { findingToRow, migrate, openStore, type Store } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { explain } from './explain.ts';
import { renderExplanation } from './render-explanation.ts';

const at = Date.parse('2026-03-02T10:00:00.000Z');
/** Its id holds what would break a query or a terminal that took it for its own. */
const keyId = "key'\\\u001b[31m\u202e1";
let store: Store;
let finding: Finding;

beforeAll(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
  const revoked = aKey({ key_id: keyId, status: 'revoked', revoked_at: '2026-03-01T10:00:00.000Z' });
  const engine = new Engine({ keyRules, keys: new Map([[keyId, revoked]]) });
  const [found] = engine.take({ from: at, to: at + 60_000, activity: [aUse(2)] });
  finding = found!;
  await store.insert('findings_v1', [findingToRow(finding)], 'finding');
  const row = { key_id: keyId, ts: new Date(at).toISOString(), arrived_at: new Date(at).toISOString() };
  await store.insert('requests_raw_v1', [row, { ...row, key_id: 'another' }, row], 'events');
  const event = {
    ...{ incident_id: 'inc_1', seq: 2, kind: 'finding_added', subject_kind: 'key', subject_id: keyId },
    ...{ at: row.ts, data: JSON.stringify({ finding: { finding_id: finding.finding_id } }) },
  };
  await store.insert('incident_events_v1', [event], 'event');
});
afterAll(() => store[Symbol.asyncDispose]());

function aUse(requests: number): Activity {
  const none = { denied: 0, notFound: 0, rateLimited: 0, serverErrors: 0 };
  return {
    ...{ minute: at, keyId, accountId: 'acct_acme', appId: 'app_forms', method: 'GET', route: '/v1/leads' },
    ...{ ip: '203.0.113.7', network: '203.0.113.0/24', asn: 64_496, country: 'DE', agent: 'lead-sync' },
    traffic: { ...none, requests, accepted: requests, bytesOut: 100, objects: requests },
  };
}

test.each([
  ['a finding', () => finding.finding_id],
  ['an incident', () => 'inc_1'],
])('%s is explained by its numbers, its events, and the same judgement made again', async (_name, id) => {
  const [explanation, ...others] = await explain(store, id());
  expect(others).toEqual([]);
  expect(explanation).toEqual({ finding, rows: 2, reproduction: { outcome: 'same' } });
});

test('an id that nothing has is refused', async () => {
  await expect(explain(store, 'inc_0')).rejects.toThrow(UsageError);
});

test('a stored query can read and nothing else', async () => {
  const evil = { ...finding, finding_id: 'f'.repeat(32) };
  evil.evidence = { ...evil.evidence, sql: 'SELECT 1) FORMAT Null; DROP TABLE requests_raw_v1; SELECT (1' };
  await store.insert('findings_v1', [findingToRow(evil)], 'evil');
  const [explanation] = await explain(store, evil.finding_id);
  expect(explanation).toMatchObject({ rows: null, rowsFault: expect.any(String) });
  expect((await explain(store, finding.finding_id))[0]!.rows).toBe(2);
});

test('what people read says all of it, with nothing in it that a terminal obeys', async () => {
  const [explanation] = await explain(store, finding.finding_id);
  const text = renderExplanation(explanation!);
  for (const part of [
    finding.title,
    'revoked-key-used version 1: critical',
    'accepted 2',
    '2 rows',
    'same numbers',
  ])
    expect(text).toContain(part);
  expect(text).toContain(String.raw`\x1b[31m`);
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}/u);
});
