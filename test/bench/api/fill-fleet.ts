import { defineQuestion, foldEndpointUse, type Store } from '@tripkey/store';
import * as z from 'zod';

export interface Fleet {
  readonly keys: number;
  readonly days: number;
  /** Requests a key and day. */
  readonly perDay: number;
  readonly incidents: number;
  readonly seed: number;
  log(line: string): void;
  readonly signal: AbortSignal;
}

/** Bytes on disk of the raw table and of everything, by event. */
export const diskUse = defineQuestion({
  name: 'bench-disk-use',
  sql: `
    SELECT sumIf(bytes_on_disk, table = 'requests_raw_v1') AS raw, sum(bytes_on_disk) AS all
    FROM system.parts WHERE active AND database = currentDatabase()`,
  params: z.object({}),
  row: z.object({ raw: z.number(), all: z.number() }),
});

const dayMs = 86_400_000;

export const keyName = (n: number) => `key_${String(n).padStart(6, '0')}`;
const name = (number: string) => `concat('key_', leftPad(toString(${number}), 6, '0'))`;

/** Makes up keys, their traffic until now, and incidents, inside the engine: an INSERT SELECT a day. */
export async function fillFleet(store: Store, fleet: Fleet): Promise<void> {
  const { keys, days, perDay, incidents, seed, log, signal } = fleet;
  log(`${keys} keys`);
  await store.command(`
    INSERT INTO keys_v1 (key_id, lineage_id, account_id, app_id, name, owner, scopes, created_at, status, version)
    SELECT ${name('number')}, ${name('number')}, concat('acct_', toString(number % 5000)),
        concat('app_', toString(number % 40)), concat('lead flow ', toString(number)), concat('owner-', toString(number % 900), '@example.com'),
        ['read:leads', 'write:leads', 'read:contacts'], now64(3) - INTERVAL 200 DAY, 'active', 1
    FROM numbers(${keys})`);
  for (let day = days - 1; day >= 0 && !signal.aborted; day--) {
    log(`day ${days - day} of ${days}: ${keys * perDay} requests`);
    await store.command(`
      INSERT INTO requests_raw_v1 (ts, event_id, key_id, account_id, app_id, method, route, path, status, outcome, client_ip,
          network, asn, country, user_agent, agent_family, bytes_in, bytes_out, latency_ms, gateway, arrived_at, _topic,
          _partition, _offset, _idx)
      SELECT
          now64(3) - INTERVAL ${day} DAY - toIntervalMillisecond(h % 86000000) AS ts, toString(number),
          ${name(`number % ${keys}`)}, concat('acct_', toString(number % ${keys} % 5000)), concat('app_', toString(number % ${keys} % 40)),
          ['GET', 'GET', 'GET', 'POST'][1 + h % 4], concat('/v1/', ['leads', 'contacts', 'deals'][1 + h % 3], '/{id}'),
          concat('/v1/leads/', toString(h % 100000)), if(h % 50 = 0, 403, 200), if(h % 50 = 0, 'forbidden', 'valid'),
          toIPv6(concat('203.0.', toString(number % ${keys} % 113), '.', toString(number % ${keys} % 250))),
          concat('203.0.', toString(number % ${keys} % 113), '.0/24'), 64500 + number % 40, ['DE', 'US', 'NL'][1 + number % ${keys} % 3],
          'lead-sync/2.1', 'lead-sync', 300, 1000 + h % 9000, 20, concat('edge-', toString(h % 4)), ts, 'bench', number % 12,
          ${day} * 1000000000 + number, 0
      FROM (SELECT number, cityHash64(number, ${day}, ${seed}) AS h FROM numbers(${keys * perDay}))
      SETTINGS max_partitions_per_insert_block = 1000`);
    const end = Date.now() - day * dayMs + 1;
    await foldEndpointUse(store, { from: end - dayMs, to: end });
  }
  log(`${incidents} incidents`);
  const head = `concat('inc_', leftPad(toString(n), 20, '0')), seq, now64(3) - toIntervalMinute(n * 19), kind, 'key', ${name('n')}`;
  const finding = `'{"finding":{"finding_id":"', leftPad(toString(n * 10 + seq), 32, '0'), '","rule_id":"volume-spike","rule_version":1,',
      '"title":"Key is far busier than its own past","key_id":"', ${name('n')}, '","account_id":"a","app_id":"b",',
      '"window_from":"2026-03-02T10:00:00.000Z","window_to":"2026-03-02T10:15:00.000Z","detected_at":"2026-03-02T10:15:00.000Z",',
      '"score":8,"severity":"medium","evidence":{"observed":{"requests":900},"expected":{"requests":40},"params":{},"samples":[]}},"score":8}'`;
  await store.command(`
    INSERT INTO incident_events_v1 (incident_id, seq, at, kind, subject_kind, subject_id, data)
    SELECT ${head},
        multiIf(
          kind = 'opened', concat('{"key_id":"', ${name('n')}, '","account_id":"a","app_id":"b","severity":"medium","score":8,"partition":0}'),
          kind = 'finding_added', concat(${finding}),
          '{"reason":"quiet","last_finding_at":1}')
    FROM (
        SELECT number AS n, arrayJoin([(1, 'opened'), (2, 'finding_added'), (3, 'finding_added'), (4, 'finding_added'), (5, 'resolved')]) AS step,
            step.1 AS seq, step.2 AS kind
        FROM numbers(${incidents})
        WHERE 1)
    WHERE NOT (kind = 'resolved' AND n < 40)`);
}
