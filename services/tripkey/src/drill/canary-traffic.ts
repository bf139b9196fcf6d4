import { randomUUID } from 'node:crypto';
import type { RequestEvent } from '@tripkey/contract';

/** What is played with a canary: a key that nobody uses, so that whoever uses it is a thief or this drill. */
export const drillAttacks = ['burst', 'walk', 'takeover'] as const;
export type DrillAttack = (typeof drillAttacks)[number];

/** Addresses that belong to nobody (RFC 5737). */
const home = { client_ip: '192.0.2.10', user_agent: 'tripkey-canary/1.0' };
const thief = { client_ip: '198.51.100.77', user_agent: 'python-requests/2.32.3' };
const spreadMs = 20_000;

/** The one request that a canary makes a minute: habits, without which nothing is odd. */
export function habitOf(keyId: string, atMs: number): RequestEvent {
  return event(keyId, atMs, { ...home, method: 'GET', route: '/v1/leads', path: '/v1/leads', status: 200 });
}

/** The requests of an attack, within the 20 seconds before `atMs`. */
export function attackOf(attack: DrillAttack, keyId: string, atMs: number): RequestEvent[] {
  const many = (count: number, of: (n: number) => Partial<RequestEvent>) =>
    Array.from({ length: count }, (_, n) =>
      event(keyId, atMs - spreadMs + Math.floor((n * spreadMs) / count), { ...thief, status: 200, ...of(n) }),
    );
  switch (attack) {
    case 'burst':
      return many(600, () => ({ method: 'GET', route: '/v1/leads', path: '/v1/leads', bytes_out: 50_000 }));
    case 'walk':
      return many(400, (n) => ({
        ...{ method: 'GET', route: '/v1/leads/{id}', path: `/v1/leads/${1_000 + n}` },
        status: n % 3 === 0 ? 200 : 404,
      }));
    case 'takeover':
      return many(300, (n) => {
        const route = ['/v1/leads/{id}', '/v1/exports', '/v1/workflows/{id}/run', '/v1/keys'][n % 4]!;
        const method = ['DELETE', 'POST', 'POST', 'GET'][n % 4]!;
        return { method, route, path: route.replace('{id}', String(n)), status: n % 5 === 0 ? 403 : 200 };
      });
  }
}

function event(keyId: string, atMs: number, facts: Partial<RequestEvent>): RequestEvent {
  return {
    ...{ event_id: randomUUID(), ts: new Date(atMs).toISOString(), key_id: keyId, gateway: 'tripkey-drill' },
    ...{ method: 'GET', path: '/', status: 200, tags: { drill: 'true' } },
    ...facts,
  };
}
