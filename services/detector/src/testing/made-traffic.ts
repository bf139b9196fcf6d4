import type { Traffic } from '@tripkey/rules';
import type { Activity, Tick } from '../engine/activity.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
/** A Monday at midnight. */
export const monday = Date.parse('2026-02-02T00:00:00.000Z');

/** Activity and when ingest took it in. */
export interface Arrival extends Activity {
  readonly arrivedAt: number;
}

/** What of an arrival a test may be about. */
export type ArrivalChanges = Partial<Omit<Arrival, 'traffic'>> & { traffic?: Partial<Traffic> };

/** Ten lead reads of the forms key from its home, arriving at `at` in the minute of their making. */
export function anArrival(at: number, changes: ArrivalChanges = {}): Arrival {
  const { traffic: { requests = 10, ...traffic } = {}, ...rest } = changes;
  return {
    arrivedAt: at,
    minute: Math.floor(at / minuteMs) * minuteMs,
    keyId: 'key_forms_1',
    accountId: 'acct_acme',
    appId: 'app_forms',
    method: 'GET',
    route: '/v1/leads/{id}',
    ip: '203.0.113.7',
    network: '203.0.113.0/24',
    asn: 64_496,
    country: 'DE',
    agent: 'lead-sync',
    ...rest,
    traffic: {
      requests,
      accepted: requests - (traffic.denied ?? 0) - (traffic.notFound ?? 0),
      denied: 0,
      notFound: 0,
      rateLimited: 0,
      serverErrors: 0,
      bytesOut: 1_000 * requests,
      objects: requests,
      ...traffic,
    },
  };
}

/** What somebody does who found a key: from elsewhere, by another agent, at endpoints that open more. */
export function aTheft(at: number, changes: ArrivalChanges = {}): Arrival[] {
  const endpoints = [
    ['GET', '/v1/api-keys'],
    ['POST', '/v1/exports'],
    ['GET', '/v1/users/{id}'],
    ['DELETE', '/v1/webhooks/{id}'],
  ] as const;
  return endpoints.map(([method, route]) =>
    anArrival(at, {
      method,
      route,
      ip: '198.51.100.66',
      network: '198.51.100.0/24',
      asn: 64_511,
      country: 'RO',
      agent: 'python-requests',
      ...changes,
      traffic: { requests: 20, ...changes.traffic },
    }),
  );
}

export interface Routine {
  readonly from: number;
  readonly to: number;
  /** Time between uses. */
  readonly everyMs?: number;
  /** Requests of a use by day; by night a third of it. */
  readonly requests?: number;
}

/** What an application does with its key day by day, uneven as such things are, and the same each time it is made. */
export function* routine(
  { from, to, everyMs = 15 * minuteMs, requests = 12 }: Routine,
  changes: ArrivalChanges = {},
): Generator<Arrival> {
  const offset = scatter(changes.keyId ?? '', 0) % (everyMs / 1_000);
  for (let i = 0; from + i * everyMs < to; i++) {
    const at = from + i * everyMs + offset * 1_000;
    const hour = new Date(at).getUTCHours();
    const level = hour >= 7 && hour < 19 ? requests : requests / 3;
    const share = 0.5 + (scatter(changes.keyId ?? '', i) % 1_000) / 1_000;
    const writes = i % 4 === 3;
    yield anArrival(at, {
      ...(writes ? { method: 'POST', route: '/v1/leads' } : {}),
      ...changes,
      traffic: { requests: Math.max(1, Math.round(level * share)), ...changes.traffic },
    });
  }
}

/** Cuts arrivals into ticks as the store does: sorted by key and minute; ticks in which nothing arrived are left out. */
export function ticksOf(arrivals: Iterable<Arrival>, tickMs = 5 * minuteMs): Tick[] {
  const byTick = Map.groupBy(arrivals, ({ arrivedAt }) => Math.floor(arrivedAt / tickMs) * tickMs);
  return [...byTick]
    .sort(([a], [b]) => a - b)
    .map(([from, activity]) => ({ from, to: from + tickMs, activity: activity.sort(byKeyAndMinute) }));
}

function byKeyAndMinute(a: Activity, b: Activity): number {
  if (a.keyId !== b.keyId) return a.keyId < b.keyId ? -1 : 1;
  return a.minute - b.minute;
}

/** A number that looks random and is the same each time (FNV-1a of both arguments). */
function scatter(text: string, i: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${text}:${i}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash;
}
