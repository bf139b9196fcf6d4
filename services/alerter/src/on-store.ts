import { findingFromRow, findingsSince, KeyRegistry, type Store } from '@tripkey/store';
import type { AlerterParts } from './alerter.ts';
import { clickHouseIncidentLog } from './clickhouse-incident-log.ts';
import { clickHouseTraffic } from './respond/traffic.ts';

/** The parts of an alerter that are ClickHouse. */
export function onStore(
  store: Store,
): Pick<AlerterParts, 'incidentLog' | 'storedFindings' | 'traffic' | 'keys'> {
  const registry = new KeyRegistry();
  return {
    incidentLog: clickHouseIncidentLog(store),
    storedFindings: async (since) => (await store.ask(findingsSince, { since })).map(findingFromRow),
    traffic: clickHouseTraffic(store),
    keys: { get: (keyId) => registry.get(keyId), refresh: () => registry.refresh(store) },
  };
}
