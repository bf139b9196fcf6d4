import {
  clickHouseIncidentLog,
  createIncidentBook,
  type IncidentEvent,
  type IncidentEventBody,
} from '@tripkey/alerter';
import type { Finding } from '@tripkey/contract';
import { type Activity, DecisionBook, Engine, reproduce, type Tick } from '@tripkey/detector';
import { ruleGroups, ruleSet } from '@tripkey/rules';
import { migrate, openStore, type Store } from '@tripkey/store';
import { clickHouseConfig } from '@tripkey/test/harness';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lessonsThatHold, withdrawLesson } from '../commands/lessons.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const start = Math.floor((Date.now() - 30 * dayMs) / hourMs) * hourMs;
const theft = start + 21 * dayMs;
const keyId = 'key_forms_1';
const others = ['key_forms_2', 'key_forms_3', 'key_forms_4'];

let store: Store;
let decisions: DecisionBook;
let engine: Engine;
let book: ReturnType<typeof createIncidentBook>;
let log: ReturnType<typeof clickHouseIncidentLog>;

beforeEach(async () => {
  const config = clickHouseConfig();
  await migrate(config);
  store = openStore(config);
  decisions = new DecisionBook();
  engine = new Engine({ ...ruleSet, keys: new Map(), decisions });
  book = createIncidentBook({ groups: ruleGroups });
  log = clickHouseIncidentLog(store);
  for (let at = start; at < theft; at += hourMs) {
    judge([keyId, ...others].map((key) => use(at, { keyId: key })));
  }
});
afterEach(() => store[Symbol.asyncDispose]());

type Changes = Partial<Omit<Activity, 'traffic'>> & { traffic?: Partial<Activity['traffic']> };

/** What a key does at home in an hour. */
function use(at: number, { traffic, ...changes }: Changes = {}): Activity {
  const requests = traffic?.requests ?? 20;
  return {
    ...{ minute: at, keyId, accountId: 'acct_acme', appId: 'app_forms', method: 'GET', route: '/v1/leads' },
    ...{ ip: '203.0.113.7', network: '203.0.113.0/24', asn: 64_496, country: 'DE', agent: 'lead-sync' },
    ...changes,
    traffic: {
      ...{ requests, accepted: requests, denied: 0, notFound: 0, rateLimited: 0, serverErrors: 0 },
      ...{ bytesOut: 1_000 * requests, objects: requests },
      ...traffic,
    },
  };
}

/** What somebody does with it from elsewhere. */
const elsewhere = (at: number, traffic: Partial<Activity['traffic']> = {}) =>
  ['/v1/api-keys', '/v1/exports', '/v1/users/{id}'].map((route) =>
    use(at, {
      ...{ route, ip: '198.51.100.66', network: '198.51.100.0/24', asn: 64_511, country: 'RO' },
      ...{ agent: 'python-requests', traffic },
    }),
  );

function judge(activity: readonly Activity[]): Finding[] {
  const at = Math.max(...activity.map(({ minute }) => minute));
  const sorted = activity.toSorted((a, b) => (a.keyId < b.keyId ? -1 : a.keyId > b.keyId ? 1 : 0));
  const tick: Tick = { from: at, to: at + minuteMs, activity: sorted };
  return engine.take(tick);
}

/** Takes findings into the incident log, as the alerter does. */
async function told(findings: readonly Finding[]): Promise<IncidentEvent[]> {
  const events = findings.flatMap((finding) => book.take(finding, Date.parse(finding.detected_at)));
  if (events.length > 0) await log.append(events);
  return events;
}

async function record(body: Parameters<typeof book.record>[1], at: number): Promise<void> {
  const incident = [...book.incidents()].at(-1)!;
  await log.append([book.record(incident.id, body, at)]);
}

const person = { by: 'slack:U1', by_name: 'Ada', command_id: 'command-1' };
const resolvedAt = theft + hourMs;

/** A theft that opens an incident, which somebody calls a false positive. */
async function falsePositive(): Promise<string> {
  const events = await told(judge(elsewhere(theft)));
  expect(events[0]?.kind).toBe('opened');
  await record({ kind: 'resolved', reason: 'false_positive', last_finding_at: theft, ...person }, resolvedAt);
  await decisions.refresh(store, resolvedAt + minuteMs);
  return events[0]!.incident_id;
}

test('a false positive teaches its key: the same again is kept and opens nothing, and says why', async () => {
  const incidentId = await falsePositive();
  const again = judge(elsewhere(theft + 3 * hourMs));
  expect(again.length).toBeGreaterThan(0);
  expect(again.every(({ score, severity }) => score === 0 && severity === 'info')).toBe(true);
  expect(again.every(({ evidence }) => evidence.allowed?.incident_id === incidentId)).toBe(true);
  expect(again.map((finding) => reproduce(finding).outcome)).toEqual(again.map(() => 'same'));
  expect(await told(again)).toEqual([]);
});

test('it teaches nothing of another key, and nothing beyond what it was', async () => {
  await falsePositive();
  const other = judge(elsewhere(theft + 3 * hourMs).map((row) => ({ ...row, keyId: others[0]! })));
  expect((await told(other))[0]?.kind).toBe('opened');
  const more = Array.from({ length: 8 }, (_, i) =>
    use(theft + 5 * hourMs, { method: 'DELETE', route: `/v1/admin/${i}x`, traffic: { requests: 3 } }),
  );
  const beyond = judge([...elsewhere(theft + 5 * hourMs), ...more]);
  expect(beyond.some(({ score }) => score > 3)).toBe(true);
});

test('it is shown, and withdrawn, and ends by itself', async () => {
  const incidentId = await falsePositive();
  const [lesson] = await lessonsThatHold(store, 30);
  expect(lesson).toMatchObject({ incidentId, subject: `key:${keyId}`, by: 'slack:U1' });
  expect(Object.keys(lesson!.rules)).toContain('new-network');
  const subject = `key:${keyId}`;
  const holds = (at: number) => decisions.lessonOf(subject, 'new-network', at) !== undefined;
  expect([holds(resolvedAt), holds(resolvedAt + 2 * minuteMs), holds(resolvedAt + 31 * dayMs)]).toEqual([
    false,
    true,
    false,
  ]);
  await withdrawLesson(store, { incidentId, by: 'ada', reason: 'it was one after all', at: resolvedAt });
  await decisions.refresh(store, resolvedAt + minuteMs);
  expect(holds(resolvedAt + 2 * minuteMs)).toBe(false);
  expect(await lessonsThatHold(store, 30)).toEqual([]);
  const again = judge(elsewhere(theft + 3 * hourMs));
  expect(again.some(({ score }) => score > 2)).toBe(true);
});

const operation = { operation_id: 'operation-0000001' };
const proposed: IncidentEventBody & { kind: 'operation_proposed' } = {
  kind: 'operation_proposed',
  ...operation,
  action: 'disable',
  key_id: keyId,
  issuer: 'main',
  mode: 'act',
  reason: 'stolen',
};

test('refusals of a key that we stopped raise nothing, nor does its silence', async () => {
  await told(judge(elsewhere(theft)));
  const stopAt = theft + 2 * minuteMs;
  await record(proposed, stopAt);
  await record({ kind: 'operation_approved', ...operation, by: 'policy' }, stopAt);
  await record({ kind: 'operation_executing', ...operation, attempt: 1 }, stopAt);
  await decisions.refresh(store, stopAt + minuteMs);
  const refused: Partial<Activity['traffic']> = { requests: 400, accepted: 0, denied: 400 };
  for (let minute = 3; minute < 240; minute += 3) {
    const at = theft + minute * minuteMs;
    const usual = minute % 60 === 0 ? others.map((key) => use(at, { keyId: key })) : [];
    expect(judge([use(at, { traffic: refused }), ...elsewhere(at, refused), ...usual])).toEqual([]);
  }
  for (let hour = 4; hour < 60; hour++) {
    expect(judge(others.map((key) => use(theft + hour * hourMs, { keyId: key })))).toEqual([]);
  }
});

test('an accepted request of a key that we stopped is judged as ever, and so are refusals once it is started again', async () => {
  await told(judge(elsewhere(theft)));
  const stopAt = theft + 2 * minuteMs;
  await record(proposed, stopAt);
  await record({ kind: 'operation_approved', ...operation, by: 'policy' }, stopAt);
  await record({ kind: 'operation_executing', ...operation, attempt: 1 }, stopAt);
  await decisions.refresh(store, stopAt + minuteMs);
  expect(judge(elsewhere(theft + 2 * hourMs)).length).toBeGreaterThan(0);

  const undo = { operation_id: 'operation-0000002' };
  await record(
    {
      kind: 'operation_state_confirmed',
      ...operation,
      key_state: 'disabled',
      propagation_ms: 0,
      request_id: null,
    },
    stopAt,
  );
  await record({ ...proposed, ...undo, action: 'enable' }, stopAt + hourMs);
  await record({ kind: 'operation_approved', ...undo, by: 'slack:U1' }, stopAt + hourMs);
  await record({ kind: 'operation_executing', ...undo, attempt: 1 }, stopAt + hourMs);
  await decisions.refresh(store, stopAt + 2 * hourMs);
  expect(decisions.stoppedAt(keyId)).toBeUndefined();
});
