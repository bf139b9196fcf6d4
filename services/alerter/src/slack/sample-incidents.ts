import type { Finding, KeyRecord, Severity, Subject } from '@tripkey/contract';
import { fold, type Incident } from '../incident/incident.ts';
import { createIncidentBook } from '../incident/incident-book.ts';
import type { IncidentEventBody } from '../incident/incident-event.ts';
import { blastRadiusOf } from '../survey/blast-radius.ts';

/** Made-up incidents, one of each kind: what `tripkey slack preview` shows and the golden files hold. */
export interface SampleIncident {
  readonly name: string;
  readonly incident: Incident;
  readonly key: KeyRecord | undefined;
}

const at = Date.parse('2026-03-02T10:01:06.000Z');
const minuteMs = 60_000;
const time = (ms: number) => new Date(ms).toISOString();

const key: KeyRecord = {
  ...{ key_id: 'ak_live_7f3c', name: 'Website forms', owner: 'forms-team@bluebird.example' },
  ...{ account_id: 'acct_bluebird', app_id: 'app_forms', scopes: ['read:leads', 'write:leads'] },
  ...{ created_at: '2025-11-05T09:00:00Z', status: 'active', protected: false, tags: { env: 'prod' } },
};
const keySubject: Subject = { kind: 'key', id: key.key_id };
const thief = { network: '198.51.100.0/24', country: 'RO', agent: 'python-requests/2.32.3' };

type Signal = readonly [
  ruleId: string,
  title: string,
  severity: Severity,
  score: number,
  observed: Finding['evidence']['observed'],
  expected?: Finding['evidence']['expected'],
  samples?: Finding['evidence']['samples'],
];

const spike: Signal = [
  ...(['volume-spike', 'Key is far busier than its own past', 'high', 12.4] as const),
  { requests: 4812, window_minutes: 15 },
  { requests: 90.4, requests_peak: 210 },
  [
    { method: 'GET', path: '/v1/leads/1001', status: 200, ...thief },
    { method: 'GET', path: '/v1/leads/1002', status: 200, ...thief },
    {
      method: 'GET',
      path: '/v1/leads/<!channel>',
      status: 404,
      ...thief,
      agent: '*bold* <https://evil.example|Open>',
    },
  ],
];
const newNetwork: Signal = [
  ...(['new-network', 'Key is used from a network it never came from', 'medium', 4.1] as const),
  { networks_new: 2, requests: 640, country: 'RO', provider: 'AS64500', agent_new: true },
  { provider_known: false, country_known: false },
  [{ client_ip: '198.51.100.77', ...thief }],
];
const signals: Readonly<Record<string, { subject?: Subject; signals: readonly Signal[] }>> = {
  volume: { signals: [spike] },
  'new-place-and-endpoint': {
    signals: [
      newNetwork,
      [
        ...(['first-use-of-endpoint', 'Key uses endpoints it never used before', 'high', 6.3] as const),
        { endpoints_new: 3, requests: 120, denied: 14 },
        { endpoints_new: 0, requests_in_history: 88_112 },
        [{ method: 'DELETE', route: '/v1/leads/{id}', requests: 90 }],
      ],
    ],
  },
  enumeration: {
    signals: [
      [
        ...(['object-enumeration', 'Key walks through object ids', 'high', 8.8] as const),
        { objects: 1900, not_found: 1204, requests: 1904 },
        { objects_peak: 60, not_found_peak: 3 },
      ],
    ],
  },
  'hole-in-enforcement': {
    signals: [
      [
        ...(['outside-scopes', 'Key reaches beyond its scopes', 'critical', 9.2] as const),
        { requests: 12, accepted: 12, endpoints: ['POST /v1/workflows/{id}/run'] },
        { scopes: ['read:leads', 'write:leads'] },
      ],
    ],
  },
  'stopped-key-in-use': {
    signals: [
      [
        ...(['revoked-key-used', 'A key that was stopped is still in use', 'critical', 11] as const),
        { requests: 31, accepted: 4 },
        { accepted: 0 },
      ],
    ],
  },
  silence: {
    signals: [
      [
        ...(['key-went-silent', 'A key that is always in use fell silent', 'high', 7.7] as const),
        { silent_hours: 6, requests: 0 },
        { requests: 540, silent_hours_longest: 1.5 },
      ],
    ],
  },
  'one-source-many-keys': {
    subject: { kind: 'source', id: '198.51.100.77' },
    signals: [
      [
        ...(['one-source-many-keys', 'One address tries many keys', 'critical', 14] as const),
        { keys: 41, accounts: 17, requests: 82, denied: 80, client_ip: '198.51.100.77' },
        { keys: 0 },
        [{ client_ip: '198.51.100.77', key_id: 'ak_live_0001' }],
      ],
    ],
  },
  gateway: {
    subject: { kind: 'gateway', id: 'edge-3' },
    signals: [
      [
        ...(['gateway-leaks-secrets', 'Gateway sends secrets in its events', 'high', 9] as const),
        { events: 212, fields: ['path', 'user_agent'] },
        { events: 0 },
      ],
    ],
  },
  fleet: {
    subject: { kind: 'fleet', id: 'all' },
    signals: [
      [
        ...(['fleet-shift', 'The whole fleet is busier than expected', 'medium', 6] as const),
        { requests: 910_000, keys: 1840 },
        { requests: 400_000 },
      ],
    ],
  },
  'reported-leak': {
    signals: [
      [
        ...(['leak-reported', 'Key was found in public', 'critical', 12] as const),
        { source: 'github', url: 'https://github.example/bluebird/site/commit/1f3' },
        {},
      ],
    ],
  },
};

const disable = {
  operation_id: 'op_0123456789abcdef',
  action: 'disable',
  key_id: key.key_id,
  issuer: 'keys',
} as const;
const { operation_id } = disable;
const alice = { by: 'slack:U0ALICE', by_name: 'alice', command_id: 'command-1' } as const;
const stopped: readonly IncidentEventBody[] = [
  {
    kind: 'operation_proposed',
    ...disable,
    mode: 'act',
    reason: 'Key is far busier than its own past; policy certain.',
  },
  { kind: 'operation_approved', operation_id, by: 'policy' },
  { kind: 'operation_executing', operation_id, attempt: 1 },
  {
    kind: 'operation_state_confirmed',
    operation_id,
    key_state: 'disabled',
    propagation_ms: 20_000,
    request_id: null,
  },
];
const accepted = { accepted: 3, first_at: at + 95_000, last_at: at + 97_000, key_state: 'disabled' } as const;

/** What can have become of a spike. */
const courses: Readonly<Record<string, readonly IncidentEventBody[]>> = {
  proposed: [
    { kind: 'operation_proposed', ...disable, mode: 'propose', reason: 'the key is protected.' },
    { kind: 'operation_agreed', operation_id, ...alice },
  ],
  stopped: [
    ...stopped,
    {
      kind: 'operation_traffic_confirmed',
      operation_id,
      judged_from: at + 21_000,
      judged_until: at + 51_000,
    },
    { kind: 'resolved', ...alice, reason: 'true_positive_malicious', last_finding_at: at },
  ],
  'not-effective': [...stopped, { kind: 'operation_not_effective', operation_id, ...accepted }],
  acknowledged: [
    { kind: 'acknowledged', ...alice },
    { kind: 'snoozed', ...alice, until: at + 8 * 60 * minuteMs },
  ],
};

/** Every kind of incident as it opens, and what can become of one. */
export function sampleIncidents(): readonly SampleIncident[] {
  const opened = Object.entries(signals).map(([name, { subject, signals }]) =>
    sample(name, subject ?? keySubject, signals, []),
  );
  const later = Object.entries(courses).map(([name, course]) =>
    sample(`volume-${name}`, keySubject, [spike], course),
  );
  return [...opened, ...later];
}

function sample(
  name: string,
  subject: Subject,
  signals: readonly Signal[],
  course: readonly IncidentEventBody[],
): SampleIncident {
  const book = createIncidentBook({ groups: new Map() });
  const ofKey = subject.kind === 'key';
  const events = signals.flatMap(
    ([rule_id, title, severity, score, observed, expected = {}, samples = []], n) =>
      book.take(
        {
          finding_id: `${n}`.padStart(32, '0'),
          ...{ rule_id, rule_version: 1, title, subject, key_id: ofKey ? key.key_id : null, severity, score },
          ...{ account_id: ofKey ? 'acct_bluebird' : '', app_id: ofKey ? 'app_forms' : '' },
          ...{ window_from: time(at - minuteMs - 6_000), window_to: time(at - 6_000), detected_at: time(at) },
          evidence: { observed, expected, params: {}, samples },
        },
        at,
      ),
  );
  const id = events[0]!.incident_id;
  const survey = {
    kind: 'surveyed',
    ...(ofKey ? sampleSurvey : { chart: null, blast_radius: null }),
  } as const;
  for (const body of [survey, ...course]) events.push(book.record(id, body, at + 1_000));
  return { name, incident: fold(events), key: ofKey ? key : undefined };
}

const sampleSurvey = {
  chart: {
    from: at - 60 * minuteMs - 6_000,
    bucket_ms: 3 * minuteMs,
    seen: [18, 20, 17, 22, 19, 18, 21, 16, 20, 19, 18, 22, 20, 17, 19, 310, 902, 1040, 1210, 1350],
    usual: [17, 19, 18, 20, 18, 19, 20, 18, 19, 20, 18, 19, 20, 18, 19, 18, 20, 19, 18, 19],
    days: 7,
  },
  blast_radius: blastRadiusOf(
    [
      ...[
        ['GET', '/v1/leads/{id}', 4630, 0, 1] as const,
        ['DELETE', '/v1/leads/{id}', 90, 0, 0] as const,
      ].map(([method, route, requests, knows_network, knows_endpoint]) => ({
        ...{ network: thief.network, country: thief.country, method, route },
        ...{ requests, knows_network, knows_endpoint },
      })),
      {
        ...{ network: '203.0.113.0/24', country: 'DE', method: 'GET', route: '/v1/leads/{id}' },
        ...{ requests: 92, knows_network: 1, knows_endpoint: 1 },
      },
    ],
    { since: at - 16 * minuteMs, until: at, usualPerHour: 372 },
  ),
};
