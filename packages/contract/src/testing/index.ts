import type { Finding } from '../finding.ts';
import type { GatewayHeartbeat } from '../gateway-heartbeat.ts';
import type { KeyRecord } from '../key-record.ts';
import type { RequestEvent } from '../request-event.ts';

/** A plain successful lead read; a test names only what it is about. */
export function anEvent(changes: Partial<RequestEvent> = {}): RequestEvent {
  return {
    event_id: '01900000-0000-7000-8000-000000000001',
    ts: '2026-03-02T10:00:00.000Z',
    key_id: 'key_forms_1',
    account_id: 'acct_acme',
    app_id: 'app_forms',
    method: 'GET',
    route: '/v1/leads/{id}',
    path: '/v1/leads/1001',
    status: 200,
    client_ip: '203.0.113.7',
    user_agent: 'lead-sync/2.1',
    bytes_in: 200,
    bytes_out: 1200,
    latency_ms: 35,
    gateway: 'edge-1',
    ...changes,
  };
}

/** An active key of the forms application. */
export function aKey(changes: Partial<KeyRecord> = {}): KeyRecord {
  return {
    key_id: 'key_forms_1',
    account_id: 'acct_acme',
    app_id: 'app_forms',
    name: 'Website forms',
    owner: 'forms-team@acme.example',
    scopes: ['read:leads', 'write:leads'],
    created_at: '2026-01-05T09:00:00.000Z',
    status: 'active',
    protected: false,
    tags: {},
    ...changes,
  };
}

/** A gateway that has run for an hour and lost nothing. */
export function aHeartbeat(changes: Partial<GatewayHeartbeat> = {}): GatewayHeartbeat {
  return {
    gateway: 'edge-1',
    started_at: '2026-03-02T09:00:00.000Z',
    sent_at: '2026-03-02T10:00:00.000Z',
    every_s: 30,
    emitted: 3_600,
    sent: 3_600,
    waiting: 0,
    retries: 0,
    dropped: { buffer_full: 0, invalid: 0, refused: 0, closed: 0 },
    emitter: '@tripkey/emitter 0.1.0',
    ended: false,
    ...changes,
  };
}

/** A volume spike on the forms key. */
export function aFinding(changes: Partial<Finding> = {}): Finding {
  return {
    finding_id: '0123456789abcdef0123456789abcdef',
    rule_id: 'volume-spike',
    rule_version: 1,
    title: 'Key is far busier than its own past',
    subject: { kind: 'key', id: 'key_forms_1' },
    key_id: 'key_forms_1',
    account_id: 'acct_acme',
    app_id: 'app_forms',
    window_from: '2026-03-02T10:00:00.000Z',
    window_to: '2026-03-02T10:01:00.000Z',
    detected_at: '2026-03-02T10:01:05.000Z',
    score: 12,
    severity: 'high',
    evidence: {
      observed: { requests: 900 },
      expected: { requests: 40, requests_upper: 95 },
      quiet_at: 95,
      params: {},
      samples: [],
    },
    ...changes,
  };
}
