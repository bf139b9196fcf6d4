import { findingFromRow, findingsSince, KeyRegistry, type Store } from '@tripkey/store';
import type { AlerterParts } from './alerter.ts';
import { clickHouseAuditLog } from './audit/clickhouse-audit-log.ts';
import { clickHouseIncidentLog } from './clickhouse-incident-log.ts';
import type { SecretDirectory } from './leaks/leak-desk.ts';
import { clickHouseCommandQueue } from './people/clickhouse-command-queue.ts';
import { clickHouseSilenceBook } from './people/clickhouse-silence-book.ts';
import { clickHouseKillSwitch } from './respond/kill-switch.ts';
import { clickHouseTraffic } from './respond/traffic.ts';
import { clickHouseSurveyor } from './survey/surveyor.ts';
import { clickHouseDetectorState } from './watch/detector-watch.ts';

/** The parts of an alerter that are ClickHouse. */
export function onStore(
  store: Store,
): Pick<
  AlerterParts,
  | 'incidentLog'
  | 'auditLog'
  | 'commands'
  | 'silences'
  | 'killSwitch'
  | 'storedFindings'
  | 'traffic'
  | 'surveyor'
  | 'detectorState'
  | 'keys'
> & { readonly secrets: SecretDirectory } {
  const registry = new KeyRegistry();
  return {
    incidentLog: clickHouseIncidentLog(store),
    auditLog: clickHouseAuditLog(store),
    commands: clickHouseCommandQueue(store),
    silences: clickHouseSilenceBook(store),
    killSwitch: clickHouseKillSwitch(store),
    storedFindings: async (since) => (await store.ask(findingsSince, { since })).map(findingFromRow),
    traffic: clickHouseTraffic(store),
    surveyor: clickHouseSurveyor(store),
    detectorState: clickHouseDetectorState(store),
    keys: { get: (keyId) => registry.get(keyId), refresh: () => registry.refresh(store) },
    secrets: {
      bySecret: (fingerprint) => registry.bySecret(fingerprint),
      get everySecretKnown() {
        return registry.everySecretKnown;
      },
      refresh: () => registry.refresh(store),
    },
  };
}
