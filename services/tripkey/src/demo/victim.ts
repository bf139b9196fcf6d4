import type { KeyRecord, RequestEvent } from '@tripkey/contract';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The key that is stolen in the demo: it brings new leads from the web forms into the CRM. */
export const victim = {
  keyId: 'key_crm_lead_sync',
  accountId: 'acct_bluebird',
  appId: 'app_crm_sync',
  name: 'CRM lead sync',
  owner: 'crm-team@bluebird.example',
  scopes: ['read:leads', 'read:contacts'],
  /** Addresses of the owner's servers, from a range kept for documentation. */
  addresses: ['203.0.113.21', '203.0.113.22'],
  agent: 'bluebird-crm-sync/4.2',
} as const;

/** What the thief does it with. */
export const thief = { address: '198.51.100.77', agent: 'python-requests/2.32.3' } as const;

export function victimRecord(createdAt: number): KeyRecord {
  return {
    key_id: victim.keyId,
    account_id: victim.accountId,
    app_id: victim.appId,
    name: victim.name,
    owner: victim.owner,
    scopes: [...victim.scopes],
    created_at: new Date(createdAt).toISOString(),
    status: 'active',
    protected: false,
    tags: {},
  };
}

/** The owner's requests, by turns: the newest leads, every third time one lead and one contact. */
export function ownerRequest(turn: number): { path: string; route: string } {
  if (turn % 3 === 1) return { path: `/v1/leads/${1_000 + (turn % 40)}`, route: '/v1/leads/{id}' };
  if (turn % 3 === 2) return { path: '/v1/contacts', route: '/v1/contacts' };
  return { path: '/v1/leads', route: '/v1/leads' };
}

/**
 * The owner's two weeks: a request about every four minutes, fewer at night, never the same second. Deterministic.
 * Ascending in time.
 */
export function* victimHistory(from: number, to: number): Generator<RequestEvent> {
  let turn = 0;
  for (let at = from; at < to; turn++) {
    const hour = new Date(at).getUTCHours();
    const pause = hour >= 6 && hour < 20 ? 3 * minuteMs : 7 * minuteMs;
    at += pause * (0.6 + 0.8 * noise(turn));
    if (at >= to) return;
    const { path, route } = ownerRequest(turn);
    yield {
      event_id: `demo-history-${turn}`,
      ts: Math.round(at),
      key_id: victim.keyId,
      account_id: victim.accountId,
      app_id: victim.appId,
      method: 'GET',
      route,
      path,
      status: 200,
      client_ip: victim.addresses[turn % 2]!,
      user_agent: victim.agent,
      bytes_in: 180,
      bytes_out: 1_500 + Math.round(3_000 * noise(turn + 7)),
      latency_ms: 20 + Math.round(30 * noise(turn + 13)),
      gateway: 'edge-1',
    };
  }
}

export const victimCreatedBeforeMs = 200 * dayMs;

/** Between 0 and 1, the same for the same number; looks random enough for a picture. */
function noise(n: number): number {
  const x = Math.sin(n * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
}
