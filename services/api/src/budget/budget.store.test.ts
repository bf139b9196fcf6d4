import { aFinding } from '@tripkey/contract/testing';
import { findingToRow } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, anApi } from '../testing/an-api.ts';

const dayMs = 86_400_000;
const from = Date.UTC(2026, 2, 2);
const days = 28;
const span = { from: new Date(from).toISOString(), to: new Date(from + days * dayMs).toISOString() };
let under: ApiUnderTest;
beforeAll(async () => {
  under = await anApi(clickHouseConfig());
  // One incident a day, of a key of its own; every second one is weaker and by another rule.
  const findings = Array.from({ length: days }, (_, day) => {
    const at = new Date(from + day * dayMs + 3_600_000).toISOString();
    return aFinding({
      ...{ finding_id: `finding-${day}`, subject: { kind: 'key', id: `key_${day}` }, severity: 'low' },
      ...{ detected_at: at, window_from: at, window_to: at },
      ...(day % 2 === 0 ? { rule_id: 'volume-spike', score: 12 } : { rule_id: 'new-network', score: 8 }),
    });
  });
  await under.store.insert('findings_v1', findings.map(findingToRow), 'findings');
}, 60_000);
afterAll(() => under[Symbol.asyncDispose]());

const solve = (body: object) => under.call('POST', '/v1/budget-solutions', { body: { ...span, ...body } });

test('a budget gives thresholds, what they would bring, and what they would miss', async () => {
  const { status, json } = await solve({ pages_per_week: 4 });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    ...{ weeks: 4, findings: 28, within_budget: true, missed_total: 14 },
    pages_per_week_now: { all: 7 },
    pages_per_week_predicted: { all: 3.5 },
    last_week: { predicted: 3.67, actual: 3 },
  });
  expect(json.thresholds.open_at).toBeGreaterThan(json.thresholds_now.open_at);
  expect(new Set(json.missed.map(({ subject }: { subject: string }) => subject))).toContain('key:key_1');
}, 60_000);

test('a rule that is left out costs what only it found', async () => {
  const { json } = await solve({ pages_per_week: 100, without: ['new-network'] });
  expect(json).toMatchObject({ findings: 14, pages_per_week_predicted: { all: 3.5 }, missed_total: 14 });
}, 60_000);

test.each([
  [{ pages_per_week: 5, without: ['no-such-rule'] }, 'there is no rule no-such-rule'],
  [{ pages_per_week: 5, from: new Date(from + 25 * dayMs).toISOString() }, 'at least 7 days'],
  [{ pages_per_week: -1 }, 'pages_per_week'],
])('%j is not solved', async (wrong, why) => {
  const { status, text } = await solve(wrong);
  expect(status).toBe(400);
  expect(text).toContain(why);
});

test('one is solved at a time', async () => {
  const statuses = (await Promise.all([solve({ pages_per_week: 4 }), solve({ pages_per_week: 4 })])).map(
    ({ status }) => status,
  );
  expect(statuses.toSorted()).toEqual([200, 429]);
}, 60_000);
