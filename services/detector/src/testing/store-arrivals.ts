import type { Store } from '@tripkey/store';
import type { Arrival } from './made-traffic.ts';

const outcomes = [
  ['denied', 403, 'forbidden'],
  ['notFound', 404, 'valid'],
  ['rateLimited', 429, 'rate_limited'],
  ['serverErrors', 500, 'valid'],
] as const;

/** Stores arrivals as ingest would, a row each request. */
export async function storeArrivals(store: Store, arrivals: Iterable<Arrival>, token: string): Promise<void> {
  const rows = [...arrivals].flatMap((arrival, n) => {
    const { traffic } = arrival;
    const endings = outcomes.flatMap(([name, status, outcome]) =>
      Array.from({ length: traffic[name] }, () => ({ status, outcome })),
    );
    return Array.from({ length: traffic.requests }, (_, i) => ({
      ts: new Date(arrival.minute + i).toISOString(),
      arrived_at: new Date(arrival.arrivedAt).toISOString(),
      event_id: `${token}-${n}-${i}`,
      key_id: arrival.keyId,
      account_id: arrival.accountId,
      app_id: arrival.appId,
      method: arrival.method,
      route: arrival.route,
      path: `${arrival.route}/${i}`,
      ...(endings[i] ?? { status: 200, outcome: 'valid' }),
      client_ip: arrival.ip,
      network: arrival.network,
      asn: arrival.asn,
      country: arrival.country,
      agent_family: arrival.agent,
      bytes_out: 1_000,
    }));
  });
  await store.insert('requests_raw_v1', rows, token);
}

/** Tells, as ingest does, that everything that arrived before a time is stored. */
export async function storeFrontier(store: Store, until: number): Promise<void> {
  const at = new Date(until).toISOString();
  const row = { topic: 'requests', partition: 0, offset: 1, lag: 0, at, stored_until: at };
  await store.insert('ingest_progress_v1', [row], `frontier:${until}`);
}
