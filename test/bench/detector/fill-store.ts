import type { Store } from '@tripkey/store';
import type { ModelProfiles } from './model-profiles.ts';

/** Writes the profiles of many keys as a detector would have saved them at a frontier, by copying models. */
export async function fillProfiles(
  store: Store,
  { profiles, fleet }: ModelProfiles,
  keys: number,
  frontier: number,
): Promise<void> {
  const at = new Date(frontier).toISOString();
  await store.command('DROP TABLE IF EXISTS bench_models');
  await store.command(
    'CREATE TABLE bench_models (number UInt32, lineage String, profile String) ENGINE = Memory',
  );
  await store.insert(
    'bench_models',
    profiles.map(({ lineageId, profile }, number) => ({ number, lineage: lineageId, profile })),
    'models',
  );
  await store.command(`
    INSERT INTO profiles_v2 (shard, subject, slot, generation, learned_until, profile)
    SELECT 0, concat('key:', id), 0, 1, parseDateTime64BestEffort('${at}', 3, 'UTC'),
        replaceAll(profile, concat('"', lineage, '"'), concat('"', id, '"'))
    FROM (SELECT ${keyId('number')} AS id, number % ${profiles.length} AS model FROM numbers(${keys})) AS keys
    INNER JOIN bench_models ON bench_models.number = keys.model
    SETTINGS max_threads = 1, max_block_size = 4096, min_insert_block_size_bytes = 268435456`);
  const row = { shard: 0, subject: 'fleet:all', slot: 0, generation: 1, learned_until: at, profile: fleet };
  await store.insert('profiles_v2', [row], 'fleet');
  const progress = { shard: 0, frontier: at, published_until: at, at };
  await store.insert('detector_progress_v1', [progress], 'progress');
}

/** Requests of one minute and the keys that make them. */
export interface BusyMinute {
  /** Arrivals begin here, epoch ms. */
  readonly from: number;
  readonly keys: number;
  readonly activeKeys: number;
  readonly requestsPerKey: number;
}

/**
 * Stores the requests of a minute, and that they are all stored. The active keys lie all over; every second one is active
 * in each minute, the others are not those of the minute before. One in a thousand has not been used for ten days and was
 * put away: in a day that is a quarter of all that sleep, more than can come back day after day.
 */
export async function fillMinute(store: Store, minute: BusyMinute): Promise<void> {
  const { from, keys, activeKeys, requestsPerKey } = minute;
  const shift = Math.floor(from / 60_000) % Math.floor(keys / (2 * activeKeys));
  const time = `fromUnixTimestamp64Milli(${from} + number % 60000, 'UTC')`;
  await store.command(`
    INSERT INTO requests_raw_v1 (ts, event_id, key_id, account_id, app_id, method, route, path, status, outcome,
        client_ip, network, asn, country, user_agent, agent_family, bytes_out, arrived_at, _topic, _offset)
    SELECT ${time}, concat('bench-${from}-', toString(number)), ${keyId('key')}, concat('acct_', toString(key % 7)),
        concat('app_', toString(key % 5)), if(number % 2, 'POST', 'GET'),
        if(number % 2, '/v1/leads', '/v1/leads/{id}'), concat('/v1/leads/', toString(number % 1000)), 200, 'valid',
        toIPv6('203.0.113.7'), '203.0.113.0/24', 64496, 'DE', 'lead-sync/1', 'lead-sync', 1200, ${time},
        'bench', ${from} + number
    FROM (
        SELECT number, intDiv(number, ${requestsPerKey}) AS turn,
            2 * (intDiv(turn * ${keys}, ${2 * activeKeys}) + (turn % 2 OR turn % 1000 = 0) * ${shift}) + (turn % 1000 = 0) AS key
        FROM numbers(${activeKeys * requestsPerKey})
    )`);
  const until = new Date(from + 60_000).toISOString();
  const progress = {
    ...{ topic: 'bench', partition: 0, offset: from + activeKeys * requestsPerKey },
    ...{ lag: 0, at: until, stored_until: until },
  };
  await store.insert('ingest_progress_v1', [progress], `frontier:${until}`);
}

const keyId = (number: string) => `concat('key_', leftPad(toString(${number}), 8, '0'))`;
