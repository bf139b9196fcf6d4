import { AlertingConfig, clickHouseIncidentLog, IncidentEvent } from '@tripkey/alerter';
import { systemClock } from '@tripkey/service-kit';
import { eventually, silentLogger } from '@tripkey/service-kit/testing';
import type { Store } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnswerParts } from '../answers/answer-parts.ts';
import { type ApiUnderTest, anApi } from '../testing/an-api.ts';
import { backtestAnswers } from './backtest-answers.ts';

const from = Date.UTC(2026, 2, 2);
const span = { from: new Date(from).toISOString(), to: new Date(from + 2 * 86_400_000).toISOString() };
const parameters = { 'volume-spike': {} };
const clickhouse = clickHouseConfig();
let under: ApiUnderTest;
beforeAll(async () => {
  under = await anApi(clickhouse);
  const opened = IncidentEvent.parse({
    ...{ incident_id: 'inc_told_then', seq: 1, at: from + 3_600_000, kind: 'opened', partition: 0 },
    ...{ subject: { kind: 'key', id: 'key_1' }, key_id: 'key_1', account_id: 'a', app_id: 'b' },
    ...{ severity: 'high', score: 12 },
  });
  await clickHouseIncidentLog(under.store).append([opened]);
}, 60_000);
afterAll(() => under[Symbol.asyncDispose]());

const start = (key: string, body: object = { ...span, parameters }) =>
  under.call('POST', '/v1/backtests', { body, headers: { 'idempotency-key': key } });
const read = async (id: string) => (await under.call('GET', `/v1/backtests/${id}`)).json;

test('a rule is tried once however often it is asked, and what would be missed is told', async () => {
  const { status, json } = await start('one-and-the-same');
  expect([status, json.progress]).toEqual([202, 0]);
  const { backtest_id } = json;
  expect((await start('one-and-the-same')).json.backtest_id).toBe(backtest_id);
  expect((await start('one-and-the-same', span)).status).toBe(409);
  // It waits behind the first, and is not begun any more.
  const second = (await start('another-wish')).json.backtest_id;
  expect((await under.call('DELETE', `/v1/backtests/${second}`)).json.state).toBe('cancelled');

  await eventually(async () => expect((await read(backtest_id)).state).toBe('done'));
  expect(await read(backtest_id)).toMatchObject({
    ...{ progress: 1, failure: null, request: { ...span, parameters } },
    result: {
      ...{ events: 0, findings: 0, incidents: 0, pages_per_week: 0, added: [], missed_total: 1 },
      missed: [{ incident_id: 'inc_told_then', resolution: null }],
    },
  });
  expect((await read(second)).state).toBe('cancelled');
  const { json: list } = await under.call('GET', '/v1/backtests');
  expect(list.items.map(({ state }: { state: string }) => state).toSorted()).toEqual(['cancelled', 'done']);
}, 60_000);

test('one that runs in another process is cancelled there', async () => {
  const states: string[] = [];
  const insert: Store['insert'] = async (table, rows, token) => {
    states.push(...rows.map((row) => (row as { state: string }).state));
    await under.store.insert(table, rows, token);
  };
  const settings = AlertingConfig.parse({});
  const parts = { ...{ clickhouse, config: settings, ruleParams: {} }, clock: systemClock };
  const elsewhere = backtestAnswers(
    { ...parts, store: { ...under.store, insert }, log: silentLogger } as unknown as AnswerParts,
    0,
  );
  const wish = { caller: { id: 'somebody' }, signal: new AbortController().signal, ifMatch: null };
  // Two months, of which each hour is asked for: it is far from its end when it is cancelled.
  const long = { from: new Date(from).toISOString(), to: new Date(from + 62 * 86_400_000).toISOString() };
  const begin = (wishId: string) =>
    elsewhere.startBacktest({
      ...{ ...wish, wishId, body: { ...long, parameters: {} }, at: Date.now() },
    } as unknown as Parameters<typeof elsewhere.startBacktest>[0]) as Promise<{ backtest_id: string }>;
  const runs = (await begin('of-another-process-1')).backtest_id;
  const waits = (await begin('of-another-process-2')).backtest_id;
  await eventually(() => expect(states).toContain('running'));
  for (const id of [runs, waits])
    expect((await under.call('DELETE', `/v1/backtests/${id}`)).json.state).toBe('cancelled');

  await eventually(async () => {
    const call = { ...wish, params: { backtest_id: runs }, at: Date.now() };
    expect(
      await elsewhere.getBacktest(call as unknown as Parameters<typeof elsewhere.getBacktest>[0]),
    ).toMatchObject({ state: 'cancelled' });
  });
  await elsewhere.stop();
  expect(states).not.toContain('done');
  for (const id of [runs, waits]) expect((await read(id)).state).toBe('cancelled');
}, 60_000);

test.each([
  [{ 'no-such-rule': {} }, 'body.parameters.no-such-rule'],
  [{ 'volume-spike': { nothing: 1 } }, 'body.parameters.volume-spike'],
])('%j is not tried', async (wrong, at) => {
  const { status, json } = await start('a-wrong-wish', { ...span, parameters: wrong });
  expect([status, json.faults[0].at]).toEqual([400, at]);
});
