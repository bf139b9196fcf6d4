import type { Store } from './store.ts';

/** Why a service that needs ClickHouse is not ready; nothing when it is. */
export async function storeReadiness(store: Pick<Store, 'ping'>): Promise<string[]> {
  const clickhouse = await store.ping();
  return clickhouse.ok ? [] : [`ClickHouse: ${clickhouse.error.message}`];
}
